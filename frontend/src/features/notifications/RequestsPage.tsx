// People who want to follow a private account.
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserCheck } from "lucide-react";
import { useState } from "react";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import {
  acceptRequest,
  badgesQuery,
  followRequestsQuery,
  useBadges,
  waitingRequests,
} from "@/api/queries/me";
import { entries, queryClient } from "@/api/queryClient";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { Page } from "@/ui/Page";
import { PeopleList } from "@/ui/PeopleList";
import { acceptAll } from "./acceptAll";
import { RequestButtons } from "./RequestButtons";

async function letEverybodyIn(): Promise<void> {
  try {
    const count = await acceptAll({ read: waitingRequests, accept: acceptRequest });
    toast(`${plural(count, "person follows", "people follow")} you now.`);
  } catch (error) {
    toast(`Not everybody was accepted. ${sentence(error)}`, { tone: "error" });
  }
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["people"] }),
    queryClient.invalidateQueries({ queryKey: badgesQuery.queryKey }),
    queryClient.invalidateQueries({ queryKey: keys.me }),
  ]);
}

function AcceptAll({ waiting }: { waiting: number }) {
  const [asks, setAsks] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await letEverybodyIn();
    setBusy(false);
  };
  return (
    <>
      <Button size="small" busy={isBusy} onClick={() => setAsks(true)}>
        Accept all
      </Button>
      {asks && (
        <ConfirmDialog
          title={`Let all ${waiting} follow you?`}
          text="Everybody who waits now sees what you share with followers. Each can be removed later."
          confirm="Accept all"
          onConfirm={() => void run()}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}

export default function RequestsPage() {
  useTitle("Follow requests");
  const query = useInfiniteQuery(followRequestsQuery);
  const waiting = Math.max(entries(query.data).length, useBadges()?.follow_requests ?? 0);
  return (
    <Page
      title="Follow requests"
      back={paths.notifications}
      action={entries(query.data).length > 1 && <AcceptAll waiting={waiting} />}
    >
      <PeopleList
        query={query}
        empty="No requests"
        emptyText="Who asks to follow you, while your account is private, waits here for your answer."
        emptyIcon={<UserCheck size={30} strokeWidth={1.6} />}
        action={(person) => <RequestButtons person={person} />}
      />
    </Page>
  );
}
