// When a post comes out by itself.
import { type FormEvent, useState } from "react";
import { fromLocalField, soon, toLocalField, whyNotThen } from "@/lib/localTime";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { MomentField } from "@/ui/MomentField";
import styles from "./ScheduleDialog.module.css";

interface ScheduleDialogProps {
  /** The time planned so far. */
  readonly at: string | null;
  readonly button: string;
  /** Plans it; resolves to whether that went well, and tells what did not. */
  readonly plan: (at: string) => Promise<boolean>;
  readonly onClose: () => void;
}

export default function ScheduleDialog({ at, button, plan, onClose }: ScheduleDialogProps) {
  const [value, setValue] = useState(() => toLocalField(at ? Date.parse(at) : soon()));
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const moment = fromLocalField(value);
    const problem = whyNotThen(moment);
    setError(problem);
    if (problem || !moment || isBusy) return;
    setBusy(true);
    if (await plan(moment)) onClose();
    else setBusy(false);
  };
  return (
    <Dialog title="Schedule" onClose={onClose}>
      <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        <MomentField
          label="Day and time"
          value={value}
          error={error ?? undefined}
          onChange={setValue}
        />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          {button}
        </Button>
      </form>
    </Dialog>
  );
}
