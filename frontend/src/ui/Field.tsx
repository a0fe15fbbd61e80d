// Form fields: a label, the control, a hint, and the error that belongs to it.
import { Eye, EyeOff } from "lucide-react";
import {
  type ComponentProps,
  type ReactNode,
  type Ref,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { length } from "@/lib/text";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Field.module.css";

interface Around {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly limit?: number;
}

interface FrameProps extends Around {
  readonly id: string;
  readonly used?: number | undefined;
  readonly children: ReactNode;
}

function describedBy(id: string, { hint, error }: Around): string | undefined {
  return classes(error && `${id}-error`, hint !== undefined && `${id}-hint`) || undefined;
}

function Frame({ id, label, hint, error, limit, used, children }: FrameProps) {
  const left = limit !== undefined && used !== undefined ? limit - used : null;
  return (
    <div className={styles.field}>
      <div className={styles.top}>
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
        {left !== null && left < 200 && (
          <span className={classes(styles.counter, left < 0 && styles.over)}>{left} left</span>
        )}
      </div>
      {children}
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

type InputProps = Omit<ComponentProps<"input">, "size"> & Around;

export function TextField({ label, hint, error, limit, ...input }: InputProps) {
  const id = useId();
  const used = typeof input.value === "string" ? length(input.value) : undefined;
  const around = { label, hint, error, ...(limit !== undefined && { limit }) };
  return (
    <Frame id={id} {...around} used={used}>
      <input
        {...input}
        id={id}
        className={styles.control}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, around)}
      />
    </Frame>
  );
}

export function PasswordField({ label, hint, error, ...input }: InputProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <div className={styles.withButton}>
        <input
          {...input}
          id={id}
          type={shown ? "text" : "password"}
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          className={styles.control}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy(id, { label, hint, error })}
        />
        <IconButton
          label={shown ? "Hide password" : "Show password"}
          className={styles.inside}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={20} /> : <Eye size={20} />}
        </IconButton>
      </div>
    </Frame>
  );
}

/** Grows an area with its text, up to its `max-height`. */
function useGrowing(value: unknown) {
  const ref = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const area = ref.current;
    if (!area) return;
    area.style.height = "auto";
    // 0 in a dialog that is not open yet: its own height is right then.
    if (area.scrollHeight > 0) area.style.height = `${area.scrollHeight}px`;
  }, [value]);
  return ref;
}

/** Gives an element to both who ask for it. */
function both<T>(one: RefObject<T | null>, other: Ref<T> | undefined) {
  return (element: T | null) => {
    one.current = element;
    if (typeof other === "function") other(element);
    else if (other) other.current = element;
  };
}

type AreaProps = ComponentProps<"textarea"> & Around;

export function TextArea({ label, hint, error, limit, ref: outer, ...area }: AreaProps) {
  const id = useId();
  const ref = useGrowing(area.value);
  const used = typeof area.value === "string" ? length(area.value) : undefined;
  const around = { label, hint, error, ...(limit !== undefined && { limit }) };
  return (
    <Frame id={id} {...around} used={used}>
      <textarea
        {...area}
        id={id}
        ref={both(ref, outer)}
        className={classes(styles.control, styles.area)}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, around)}
      />
    </Frame>
  );
}

/** An area without a frame, named by `aria-label`, for composers. */
export function GrowingArea(props: ComponentProps<"textarea"> & { readonly "aria-label": string }) {
  const { ref: outer, className, ...rest } = props;
  const ref = useGrowing(rest.value);
  return (
    <textarea
      rows={1}
      {...rest}
      ref={both(ref, outer)}
      className={classes(styles.bare, className)}
    />
  );
}

interface SwitchProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ label, hint, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className={styles.switchRow}>
      <div>
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles.switch}
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}

interface CheckFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly name?: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}

/** Something to tick. */
export function CheckField({ label, hint, name, checked, onChange }: CheckFieldProps) {
  const id = useId();
  return (
    <div className={styles.checkRow}>
      <input
        id={id}
        type="checkbox"
        name={name}
        className={styles.check}
        checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div className={styles.checkWords}>
        <label htmlFor={id} className={styles.checkLabel}>
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly icon?: ReactNode;
  }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ legend, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.label}>{legend}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.icon}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
