// A code of six digits: one field that looks like six, so that pasting and filling in by the system work.
import { type Ref, useId } from "react";
import styles from "./CodeField.module.css";
import { classes } from "./classes";

export const CODE_DIGITS = 6;

/** The digits of what was typed or pasted: mails and apps write codes with a blank in the middle. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "").slice(0, CODE_DIGITS);
}

interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
  /** All digits are there. */
  readonly onFull?: () => void;
  readonly error?: string | undefined;
  readonly name?: string;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

export function CodeField({
  label,
  value,
  onChange,
  error,
  name = "code",
  autoFocus = false,
  ...rest
}: CodeFieldProps) {
  const id = useId();
  const { ref, disabled = false, onFull } = rest;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.frame}>
        {Array.from({ length: CODE_DIGITS }, (_, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: six places, always the same
            key={place}
            className={classes(
              styles.place,
              place === Math.min(value.length, CODE_DIGITS - 1) && styles.next,
              error && styles.wrong,
            )}
            aria-hidden="true"
          />
        ))}
        <input
          id={id}
          ref={ref}
          name={name}
          className={styles.input}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the code is the only thing that the step asks for
          autoFocus={autoFocus}
          data-autofocus={autoFocus || undefined}
          value={value}
          readOnly={disabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onChange={(event) => {
            const code = digitsOf(event.target.value);
            onChange(code);
            if (code.length === CODE_DIGITS && code !== value) onFull?.();
          }}
        />
      </div>
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
