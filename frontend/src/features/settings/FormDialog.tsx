// A dialog with one form: fields, what went wrong, and the button that sends it.
import type { ReactNode } from "react";
import { useMe } from "@/api/queries/me";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { PasswordField } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { type Failure, useSubmit } from "@/ui/submit";
import styles from "./parts.module.css";

interface FormDialogProps {
  readonly title: string;
  readonly button: string;
  readonly danger?: boolean;
  /** Closes the dialog itself when all went well. */
  readonly work: (value: (name: string) => string, form: FormData) => Promise<unknown>;
  readonly onClose: () => void;
  /** The fields, with the errors that belong to them. */
  readonly children: (errors: Failure["fields"]) => ReactNode;
}

export function FormDialog({
  title,
  button,
  danger = false,
  work,
  onClose,
  children,
}: FormDialogProps) {
  const { submit, isBusy, failure } = useSubmit(work);
  return (
    <Dialog title={title} onClose={onClose} kind="sheet">
      <form className={styles.dialogForm} onSubmit={submit}>
        {failure?.rest && <Problem>{failure.rest}</Problem>}
        {children(failure?.fields ?? {})}
        <Button type="submit" variant={danger ? "danger" : "primary"} wide busy={isBusy}>
          {button}
        </Button>
      </form>
    </Dialog>
  );
}

interface OwnPasswordProps {
  readonly label?: string;
  readonly name?: string;
  readonly error: string | undefined;
  /** The first field of its dialog. */
  readonly isFirst?: boolean;
}

/** The present password once more, with the name beside it for password managers. */
export function OwnPassword({
  label = "Your password",
  name = "password",
  error,
  isFirst = false,
}: OwnPasswordProps) {
  const me = useMe();
  return (
    <>
      <input
        className="visually-hidden"
        autoComplete="username"
        value={me?.username ?? ""}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <PasswordField
        label={label}
        name={name}
        required
        autoComplete="current-password"
        data-autofocus={isFirst || undefined}
        error={error}
      />
    </>
  );
}
