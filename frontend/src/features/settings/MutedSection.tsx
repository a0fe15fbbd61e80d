// Muted accounts: what of them and until when, and the way to hear of them again.
import { useInfiniteQuery } from "@tanstack/react-query";
import { VolumeX } from "lucide-react";
import { type Mute, type MutedPerson, mutesQuery } from "@/api/queries/relations";
import { muteInWords } from "@/features/profile/mutes";
import { endMute } from "@/features/profile/relations";
import { Button } from "@/ui/Button";
import { PeopleList } from "@/ui/PeopleList";
import styles from "./people.module.css";

const termsOf = ({ scopes, until }: MutedPerson): Mute => ({ scopes, until });

export default function MutedSection() {
  return (
    <>
      <p className={styles.text}>Who follows whom stays as it is, and they are not told.</p>
      <PeopleList
        query={useInfiniteQuery(mutesQuery)}
        empty="You have muted nobody"
        emptyText="“Mute” stands in the menu of every profile: for a while, or until you undo it."
        emptyIcon={<VolumeX size={30} strokeWidth={1.6} />}
        note={(person) => muteInWords(person)}
        action={(person) => (
          <Button size="small" onClick={() => void endMute(person, termsOf(person))}>
            Unmute<span className="visually-hidden"> {person.username}</span>
          </Button>
        )}
      />
    </>
  );
}
