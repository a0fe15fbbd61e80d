// Modal dialogs on the platform's `<dialog>`: focus stays inside, Esc closes, focus returns to the opener.
import { ArrowLeft, X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { openDialogs } from "@/lib/announce";
import { Button, IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Dialog.module.css";
import { Voice } from "./Toaster";

/** Shows it again, and above it the dialogs that were opened from it. */
function reopen(dialog: HTMLDialogElement): void {
  const above = Array.from(dialog.querySelectorAll("dialog")).filter(({ open }) => open);
  for (const each of [dialog, ...above]) {
    each.close();
    each.showModal();
  }
}

/** The focus goes to what has `data-autofocus`, else to the first control. */
interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `sheet` fills the screen of a phone; `bare` draws no header of its own. */
  readonly kind?: "card" | "sheet" | "bare";
  readonly size?: "small" | "medium" | "large" | "wide";
  readonly action?: ReactNode;
  /** One of several steps: closing goes back to the one before. */
  readonly isStep?: boolean;
}

export function Dialog({
  title,
  onClose,
  children,
  kind = "card",
  size = "small",
  action,
  isStep = false,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const id = useId();

  useEffect(() => {
    openDialogs.set([...openDialogs.get(), id]);
    return () => openDialogs.set(openDialogs.get().filter((other) => other !== id));
  }, [id]);

  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    if (dialog && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    }
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  const isMine = (target: EventTarget) =>
    target instanceof Element && target.closest("dialog") === ref.current;

  return (
    <dialog
      ref={ref}
      className={classes(styles.dialog, styles[kind], styles[size])}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== ref.current) return; // a file picker inside was cancelled
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || !isMine(event.target)) return;
        if (ref.current?.querySelector("[popover=auto]:popover-open")) return; // that one closes
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => {
        // A phone's "back" may close it unasked: what is open here is ours to say.
        if (event.target === ref.current && !ref.current.open) reopen(ref.current);
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      {kind === "bare" ? (
        <h2 id={titleId} className="visually-hidden">
          {title}
        </h2>
      ) : (
        <header className={styles.header}>
          <IconButton
            label={isStep ? "Back" : "Close"}
            onClick={onClose}
            className={classes(styles.close, isStep && styles.back)}
          >
            {isStep ? <ArrowLeft size={22} /> : <X size={22} />}
          </IconButton>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          <div className={styles.action}>{action}</div>
        </header>
      )}
      {children}
      <Voice dialog={id} />
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** Another way out, that loses nothing. */
  readonly instead?: { readonly label: string; readonly run: () => void };
}

/** Asks before something that cannot be taken back; the focus is on leaving it. */
export function ConfirmDialog({ title, text, confirm, onConfirm, onClose, instead }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose} kind="bare">
      <div className={styles.confirm}>
        <p className={styles.question} aria-hidden="true">
          {title}
        </p>
        <p className={styles.text}>{text}</p>
        {instead && (
          <Button
            variant="primary"
            wide
            onClick={() => {
              onClose();
              instead.run();
            }}
          >
            {instead.label}
          </Button>
        )}
        <Button
          variant="danger"
          wide
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {confirm}
        </Button>
        <Button variant="quiet" wide data-autofocus onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Dialog>
  );
}
