// The name of a collection, a new one's or another one.
import { type FormEvent, useState } from "react";
import { asApiError } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { NAME_MAX } from "./collections";
import styles from "./saved.module.css";

interface NameDialogProps {
  readonly title: string;
  readonly button: string;
  readonly name?: string;
  /** What it rejects with is told at the field. */
  readonly work: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

export function NameDialog({ title, button, name = "", work, onClose }: NameDialogProps) {
  const [value, setValue] = useState(name);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (isBusy) return;
    const wanted = value.trim();
    if (!wanted) {
      setError("A collection needs a name.");
      return;
    }
    setBusy(true);
    try {
      await work(wanted);
      onClose();
    } catch (problem) {
      const { fields, message } = asApiError(problem);
      setError(fields.name ?? message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        <TextField
          label="Name"
          data-autofocus
          maxLength={NAME_MAX}
          value={value}
          error={error ?? undefined}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          {button}
        </Button>
      </form>
    </Dialog>
  );
}
