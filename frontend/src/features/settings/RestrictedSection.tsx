// Restricted accounts, and the way to lift it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { MessageSquareOff } from "lucide-react";
import { restrictedQuery } from "@/api/queries/relations";
import { restrict } from "@/features/profile/relations";
import { Button } from "@/ui/Button";
import { PeopleList } from "@/ui/PeopleList";
import styles from "./people.module.css";

export default function RestrictedSection() {
  return (
    <>
      <p className={styles.text}>
        Only you and they see what they comment on your posts, unless you approve it, and their
        messages go to your requests. They are not told.
      </p>
      <PeopleList
        query={useInfiniteQuery(restrictedQuery)}
        empty="You have restricted nobody"
        emptyText="“Restrict” stands in the menu of every profile."
        emptyIcon={<MessageSquareOff size={30} strokeWidth={1.6} />}
        action={(person) => (
          <Button size="small" onClick={() => void restrict(person, false)}>
            Unrestrict<span className="visually-hidden"> {person.username}</span>
          </Button>
        )}
      />
    </>
  );
}
