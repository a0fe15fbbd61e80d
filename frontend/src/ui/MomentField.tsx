// A day and a time in the time of this device.
import { fromLocalField, SCHEDULE_AHEAD_DAYS, toLocalField } from "@/lib/localTime";
import { TextField } from "./Field";

const DAY_MS = 86_400_000;
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface MomentFieldProps {
  readonly label: string;
  /** As the field holds it: the local time, to the minute. */
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (value: string, iso: string | null) => void;
}

export function MomentField({ label, value, error, onChange }: MomentFieldProps) {
  return (
    <TextField
      label={label}
      type="datetime-local"
      required
      data-autofocus
      min={toLocalField(Date.now())}
      max={toLocalField(Date.now() + SCHEDULE_AHEAD_DAYS * DAY_MS)}
      value={value}
      error={error}
      hint={`In your time (${zone.replaceAll("_", " ")}).`}
      onChange={({ target }) => onChange(target.value, fromLocalField(target.value))}
    />
  );
}
