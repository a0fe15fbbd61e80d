// What the sections are put together from.
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Loading, Skeleton } from "@/ui/States";
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

interface ItemProps {
  readonly label: ReactNode;
  readonly value?: ReactNode;
  /** What there is to know about it. */
  readonly note?: ReactNode;
  /** What can be done about it. */
  readonly children: ReactNode;
}

/** A thing with a name, its present value, and buttons. */
export function Item({ label, value, note, children }: ItemProps) {
  return (
    <div className={styles.item}>
      <div className={styles.words}>
        <h3 className={styles.name}>{label}</h3>
        {value && <p className={styles.value}>{value}</p>}
        {note && <p className={styles.note}>{note}</p>}
      </div>
      <div className={styles.buttons}>{children}</div>
    </div>
  );
}

/** A card of the final size while its rows are asked for. */
export function GroupSkeleton({ label, rows = 2 }: { label: string; rows?: number }) {
  return (
    <Loading label={label}>
      <div className={styles.page}>
        <div className={styles.card}>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey places, all alike
            <Skeleton key={row} className={styles.skeleton} />
          ))}
        </div>
      </div>
    </Loading>
  );
}
