// The field for a new username, which tells while one types whether it is free.
import { useLimits } from "@/api/queries/instance";
import { TextField } from "@/ui/Field";
import styles from "./UsernameField.module.css";
import { useUsernameCheck } from "./useUsernameCheck";

interface UsernameFieldProps {
  readonly value: string;
  readonly onChange: (username: string) => void;
  /** What the server said when the form was sent. */
  readonly error: string | undefined;
  /** The present name, which needs no asking. */
  readonly own?: string;
}

export function UsernameField({ value, onChange, error, own }: UsernameFieldProps) {
  const limits = useLimits();
  const check = useUsernameCheck(value, own);
  return (
    <TextField
      label="Username"
      name="username"
      required
      minLength={limits.username_min}
      maxLength={limits.username_max}
      autoComplete={own === undefined ? "username" : "off"}
      autoCapitalize="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value.toLowerCase().trim())}
      error={check.state === "taken" ? check.message : error}
      hint={
        <span role="status">
          {check.state === "free" ? (
            <span className={styles.free}>{value} is free.</span>
          ) : (
            "Letters a–z, digits, dot and underscore."
          )}
        </span>
      }
    />
  );
}
