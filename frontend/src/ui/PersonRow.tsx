// A row with a person: picture, names, and what can be done.
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { UserSummary } from "@/api/types";
import { paths } from "@/lib/paths";
import { Avatar } from "./Avatar";
import styles from "./PersonRow.module.css";
import { Skeleton } from "./States";

interface PersonLinkProps {
  readonly person: UserSummary;
  readonly onOpen?: (() => void) | undefined;
  /** Under the username. */
  readonly children: ReactNode;
}

export function PersonLink({ person, onOpen, children }: PersonLinkProps) {
  return (
    <Link to={paths.profile(person.username)} className={styles.person} onClick={onOpen}>
      <Avatar person={person} size={44} />
      <span className={styles.names}>
        <span className={styles.username}>{person.username}</span>
        {children}
      </span>
    </Link>
  );
}

interface PersonRowProps {
  readonly person: UserSummary;
  /** Under the username, instead of the name. */
  readonly note?: string;
  readonly children?: ReactNode;
  readonly onOpen?: () => void;
}

export function PersonRow({ person, note, children, onOpen }: PersonRowProps) {
  return (
    <div className={styles.row}>
      <PersonLink person={person} onOpen={onOpen}>
        {note ? (
          <span className={styles.note}>{note}</span>
        ) : (
          person.display_name && <span className={styles.name}>{person.display_name}</span>
        )}
      </PersonLink>
      {children}
    </div>
  );
}

export function PersonRowSkeleton() {
  return (
    <div className={styles.row}>
      <Skeleton className={styles.skeletonAvatar} />
      <Skeleton className={styles.skeletonName} />
    </div>
  );
}
