// A box with something that a form has to say: what went wrong, or what is good to know.
import type { ReactNode } from "react";
import { classes } from "./classes";
import styles from "./Notice.module.css";

/** What went wrong and belongs to no single field. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p className={classes(styles.notice, styles.problem)} role="alert">
      {children}
    </p>
  );
}

/** What is good to know before going on. */
export function Note({ children }: { children: ReactNode }) {
  return <div className={classes(styles.notice, styles.note)}>{children}</div>;
}
