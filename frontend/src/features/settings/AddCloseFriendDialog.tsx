// Choose close friends among the people one follows, or anybody by username.
import { Search } from "lucide-react";
import { useRelationship } from "@/api/queries/relations";
import type { UserSummary } from "@/api/types";
import { closeFriend } from "@/features/profile/relations";
import { FindPeople } from "@/features/search/FindPeople";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { PersonRow } from "@/ui/PersonRow";
import styles from "./people.module.css";

function Toggle({ person }: { person: UserSummary }) {
  const relationship = useRelationship(person.id);
  if (!relationship) return null;
  const isClose = relationship.close_friend;
  return (
    <Button
      size="small"
      variant={isClose ? "secondary" : "primary"}
      aria-pressed={isClose}
      onClick={() => void closeFriend(person, !isClose)}
    >
      {isClose ? "Added" : "Add"}
      <span className="visually-hidden"> {person.username}</span>
    </Button>
  );
}

export default function AddCloseFriendDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Add close friends" kind="sheet" onClose={onClose}>
      <div className={styles.dialog}>
        <FindPeople
          label="Search for people"
          emptyIcon={<Search size={30} strokeWidth={1.6} />}
          row={(person) => (
            <PersonRow person={person} onOpen={onClose}>
              <Toggle person={person} />
            </PersonRow>
          )}
        />
      </div>
    </Dialog>
  );
}
