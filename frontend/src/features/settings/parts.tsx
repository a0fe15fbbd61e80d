// What the sections are put together from.
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import styles from "./parts.module.css";

/** The stack of groups in a section. */
export function Groups({ children }: { children: ReactNode }) {
  return <div className={styles.page}>{children}</div>;
}

interface GroupProps {
  readonly title: string;
  /** One or two sentences under the title. */
  readonly text?: ReactNode;
  readonly children: ReactNode;
}

/** A card with a heading over it. */
export function Group({ title, text, children }: GroupProps) {
  return (
    <section className={styles.group}>
      <h2 className={styles.heading}>{title}</h2>
      <div className={styles.card}>
        {text && <p className={styles.text}>{text}</p>}
        {children}
      </div>
    </section>
  );
}

/** A line that leads to another page. */
export function Row({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className={styles.link}>
      {children}
      <ChevronRight size={18} aria-hidden="true" />
    </Link>
  );
}
