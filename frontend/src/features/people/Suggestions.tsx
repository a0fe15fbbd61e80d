// People whom one may know, and why.
import { X } from "lucide-react";
import { Link } from "react-router";
import { NO_RELATIONSHIP, type Suggestion, useRelationship } from "@/api/queries/relations";
import { FollowButton } from "@/features/profile/FollowButton";
import { knownInWords } from "@/features/profile/known";
import { paths } from "@/lib/paths";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/Button";
import { dismiss } from "./dismiss";
import styles from "./Suggestions.module.css";

function reasonOf({ reason, mutuals, mutuals_count }: Suggestion): string {
  if (reason === "popular") return "Popular here";
  return `Followed by ${knownInWords(mutuals, mutuals_count)}`;
}

function Row({ suggestion }: { suggestion: Suggestion }) {
  const { user } = suggestion;
  const relationship = useRelationship(user.id) ?? NO_RELATIONSHIP;
  const isChosen = relationship.following || relationship.requested;
  return (
    <li className={styles.row}>
      <Link to={paths.profile(user.username)} className={styles.person}>
        <Avatar person={user} size={44} />
        <span className={styles.names}>
          <span className={styles.username}>{user.username}</span>
          <span className={styles.reason}>{reasonOf(suggestion)}</span>
        </span>
      </Link>
      <FollowButton user={{ ...user, relationship }} size="small" isNamed />
      {!isChosen && (
        <IconButton
          label={`Do not suggest ${user.username}`}
          className={styles.dismiss}
          onClick={() => dismiss(user)}
        >
          <X size={18} />
        </IconButton>
      )}
    </li>
  );
}

export function Suggestions({ suggestions }: { suggestions: readonly Suggestion[] }) {
  return (
    <ul className={styles.list}>
      {suggestions.map((suggestion) => (
        <Row key={suggestion.user.id} suggestion={suggestion} />
      ))}
    </ul>
  );
}
