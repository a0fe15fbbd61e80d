// Buttons and links that look like buttons.
import type { ComponentProps, ReactNode } from "react";
import { Link } from "react-router";
import styles from "./Button.module.css";
import { classes } from "./classes";

interface Look {
  readonly variant?: "primary" | "secondary" | "quiet" | "danger" | "text";
  readonly size?: "small" | "medium";
  readonly wide?: boolean;
}

function look({ variant = "secondary", size = "medium", wide = false }: Look, more?: string) {
  return classes(styles.button, styles[variant], styles[size], wide && styles.wide, more);
}

type ButtonProps = ComponentProps<"button"> & Look & { readonly busy?: boolean };

/** `busy` keeps the place and the focus, and takes no second press. */
export function Button({
  variant,
  size,
  wide,
  busy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  const of = { ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) };
  return (
    <button
      type="button"
      {...rest}
      className={look(of, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy && <span className={styles.spinner} aria-hidden="true" />}
      <span className={classes(styles.label, busy && styles.hidden)}>{children}</span>
    </button>
  );
}

export function ButtonLink({
  variant,
  size,
  wide,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & Look) {
  const of = { ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) };
  return (
    <Link {...rest} className={look(of, className)}>
      <span className={styles.label}>{children}</span>
    </Link>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "aria-label" | "className"> & {
  readonly className?: string | undefined;
  readonly label: string;
  readonly children: ReactNode;
  readonly tone?: "plain" | "over";
};

/** A 44 px target around an icon; `over` stands on a picture. */
export function IconButton({ label, tone = "plain", className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={classes(styles.icon, tone === "over" && styles.over, className)}
    />
  );
}
