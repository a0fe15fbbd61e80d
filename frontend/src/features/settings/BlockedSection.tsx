// Blocked accounts, and the way to let them in again.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { blocksQuery } from "@/api/queries/me";
import { setBlocked } from "@/features/profile/relations";
import { Button } from "@/ui/Button";
import { PeopleList } from "@/ui/PeopleList";

export default function BlockedSection() {
  return (
    <PeopleList
      query={useInfiniteQuery(blocksQuery)}
      empty="You have blocked nobody"
      emptyText="“Block” stands in the menu of every profile."
      emptyIcon={<Ban size={30} strokeWidth={1.6} />}
      action={(person) => (
        <Button size="small" onClick={() => void setBlocked(person, false)}>
          Unblock<span className="visually-hidden"> {person.username}</span>
        </Button>
      )}
    />
  );
}
