// The frame of a page: a heading that stays on top of a phone, with the way back.
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Page.module.css";

interface PageProps {
  readonly title: string;
  /** Where "Back" goes when there is nowhere to go back to. */
  readonly back?: string;
  /** The rail leads here: only a phone needs the way back. */
  readonly isTop?: boolean;
  readonly width?: "narrow" | "feed" | "grid";
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Page({
  title,
  back,
  isTop = false,
  width = "narrow",
  action,
  children,
}: PageProps) {
  return (
    <div className={classes(styles.page, styles[width], isTop && styles.top)}>
      <PageHeader title={title} {...(back && { back })} action={action} />
      {children}
    </div>
  );
}

function useGoBack(otherwise: string | undefined): () => void {
  const navigate = useNavigate();
  return () => {
    // `idx` is where react-router stands in this tab's history.
    if (((history.state as { idx?: number } | null)?.idx ?? 0) > 0) navigate(-1);
    else if (otherwise) navigate(otherwise);
  };
}

export function PageHeader({ title, back, action }: Pick<PageProps, "title" | "back" | "action">) {
  const goBack = useGoBack(back);
  return (
    <header className={styles.header}>
      {back && (
        <IconButton label="Back" onClick={goBack} className={styles.back}>
          <ArrowLeft size={22} />
        </IconButton>
      )}
      <h1 className={styles.title}>{title}</h1>
      {action}
    </header>
  );
}

/** The way back over a page that has its own heading. */
export function BackBar({ title, to }: { title: string; to: string }) {
  const goBack = useGoBack(to);
  return (
    <div className={styles.header}>
      <IconButton label="Back" onClick={goBack} className={styles.back}>
        <ArrowLeft size={22} />
      </IconButton>
      <span className={styles.title} aria-hidden="true">
        {title}
      </span>
    </div>
  );
}
