// People whom one may know, and why.
import { X } from "lucide-react";
import { NO_RELATIONSHIP, type Suggestion, useRelationship } from "@/api/queries/relations";
import { FollowButton } from "@/features/profile/FollowButton";
import { knownInWords } from "@/features/profile/known";
import { IconButton } from "@/ui/Button";
import { PersonLink } from "@/ui/PersonRow";
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
      <PersonLink person={user}>
        <span className={styles.reason}>{reasonOf(suggestion)}</span>
      </PersonLink>
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
