// The live region and the short messages at the foot of the page.
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { announcement, dismissToast, openDialogs, type Toast, toasts } from "@/lib/announce";
import { useStore } from "@/lib/store";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Toaster.module.css";

const NONE: readonly Toast[] = [];

function Announcer() {
  const text = useStore(announcement);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}

function Toaster({ isHeard }: { isHeard: boolean }) {
  const all = useStore(toasts);
  const shown = isHeard ? all : NONE;
  const ref = useRef<HTMLOutputElement>(null);

  // A popover stands above open dialogs; opening it again puts it over the newest one.
  useEffect(() => {
    const region = ref.current;
    if (!region || typeof region.showPopover !== "function") return;
    if (region.matches(":popover-open")) region.hidePopover();
    if (shown.length > 0) region.showPopover();
  }, [shown]);

  return (
    <output ref={ref} popover="manual" className={styles.region}>
      {shown.map((item) => (
        <div key={item.id} className={classes(styles.toast, item.tone === "error" && styles.error)}>
          <span className={styles.text}>{item.text}</span>
          {item.action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                dismissToast(item.id);
                item.action?.run();
              }}
            >
              {item.action.label}
            </button>
          )}
          <IconButton
            label="Dismiss"
            className={styles.close}
            onClick={() => dismissToast(item.id)}
          >
            <X size={18} />
          </IconButton>
        </div>
      ))}
    </output>
  );
}

/** What is told, of the page or of one dialog; only the newest dialog is heard while it is open. */
export function Voice({ dialog = null }: { dialog?: string | null }) {
  const newest = useStore(openDialogs).at(-1) ?? null;
  return (
    <>
      <Toaster isHeard={newest === dialog} />
      <Announcer />
    </>
  );
}
