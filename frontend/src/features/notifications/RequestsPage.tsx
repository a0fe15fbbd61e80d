// People who want to follow a private account.
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserCheck } from "lucide-react";
import { followRequestsQuery } from "@/api/queries/me";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Page } from "@/ui/Page";
import { PeopleList } from "@/ui/PeopleList";
import { RequestButtons } from "./RequestButtons";

export default function RequestsPage() {
  useTitle("Follow requests");
  return (
    <Page title="Follow requests" back={paths.notifications}>
      <PeopleList
        query={useInfiniteQuery(followRequestsQuery)}
        empty="No requests"
        emptyIcon={<UserCheck size={30} strokeWidth={1.6} />}
        action={(person) => <RequestButtons person={person} />}
      />
    </Page>
  );
}
