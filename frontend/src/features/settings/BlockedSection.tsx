// Blocked accounts, and the way to let them in again.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { sentence } from "@/api/problem";
import { blocksQuery } from "@/api/queries/me";
import { unblock } from "@/api/queries/users";
import { queryClient } from "@/api/queryClient";
import type { UserSummary } from "@/api/types";
import { toast } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { PeopleList } from "@/ui/PeopleList";

async function letIn(person: UserSummary): Promise<void> {
  try {
    await unblock(person.id);
    await queryClient.invalidateQueries();
    toast(`${person.username} is no longer blocked.`);
  } catch (error) {
    toast(sentence(error), { tone: "error" });
  }
}

export default function BlockedSection() {
  return (
    <PeopleList
      query={useInfiniteQuery(blocksQuery)}
      empty="You have blocked nobody"
      emptyIcon={<Ban size={30} strokeWidth={1.6} />}
      action={(person) => (
        <Button size="small" onClick={() => void letIn(person)}>
          Unblock<span className="visually-hidden"> {person.username}</span>
        </Button>
      )}
    />
  );
}
