// A field for a password that is chosen now, with how strong it is.
import { useState } from "react";
import { useLimits } from "@/api/queries/instance";
import { classes } from "@/ui/classes";
import { PasswordField } from "@/ui/Field";
import styles from "./NewPassword.module.css";
import { STRENGTHS, strength } from "./strength";

interface NewPasswordProps {
  readonly label?: string;
  readonly error?: string | undefined;
}

export function NewPassword({ label = "New password", error }: NewPasswordProps) {
  const limits = useLimits();
  const [password, setPassword] = useState("");
  const value = strength(password);
  return (
    <div className={styles.field}>
      <PasswordField
        label={label}
        name="password"
        required
        minLength={limits.password_min}
        maxLength={limits.password_max}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={error}
        hint={`At least ${limits.password_min} characters.`}
      />
      <div>
        <div className={styles.meter} aria-hidden="true">
          {[1, 2, 3, 4].map((step) => (
            <span key={step} className={classes(step <= value && styles.on)} />
          ))}
        </div>
        <span className="visually-hidden">Password strength: {STRENGTHS[value]}</span>
      </div>
    </div>
  );
}
