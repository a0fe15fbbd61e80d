// The card around the forms for signing in and up.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { paths } from "@/lib/paths";
import { Wordmark } from "@/ui/Brand";
import styles from "./AuthCard.module.css";

interface AuthCardProps {
  readonly title: string;
  /** What to do here, under the title. */
  readonly text?: ReactNode;
  readonly children?: ReactNode;
  readonly foot?: ReactNode;
}

export function AuthCard({ title, text, children, foot }: AuthCardProps) {
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <Link to={paths.home} className={styles.brand} aria-label="Jyoti, home">
          <Wordmark height={72} />
        </Link>
        <div className={styles.head}>
          <h1 className={text ? styles.strongTitle : styles.title}>{title}</h1>
          {text && <p className={styles.text}>{text}</p>}
        </div>
        {children}
        {foot && <div className={styles.foot}>{foot}</div>}
      </div>
    </div>
  );
}
