// The card around the forms for signing in and up.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { paths } from "@/lib/paths";
import { Wordmark } from "@/ui/Brand";
import styles from "./AuthCard.module.css";

interface AuthCardProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly foot: ReactNode;
}

export function AuthCard({ title, children, foot }: AuthCardProps) {
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <Link to={paths.home} className={styles.brand} aria-label="Jyoti, home">
          <Wordmark height={72} />
        </Link>
        <h1 className={styles.title}>{title}</h1>
        {children}
        <p className={styles.foot}>{foot}</p>
      </div>
    </div>
  );
}
