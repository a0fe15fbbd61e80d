// Suggestions as a block of a page: on the empty home, and on the page of their own.
import { useQuery } from "@tanstack/react-query";
import { UsersRound } from "lucide-react";
import { suggestionsQuery } from "@/api/queries/relations";
import { paths } from "@/lib/paths";
import { ButtonLink } from "@/ui/Button";
import { PersonRowSkeleton } from "@/ui/PersonRow";
import { EmptyState, ErrorState, Loading } from "@/ui/States";
import { useUndismissed } from "./dismiss";
import { Suggestions } from "./Suggestions";

interface FindYourPeopleProps {
  readonly most?: number;
  /** Nothing at all instead of words where nobody is suggested. */
  readonly isQuiet?: boolean;
}

export default function FindYourPeople({ most, isQuiet = false }: FindYourPeopleProps) {
  const query = useQuery(suggestionsQuery);
  const all = useUndismissed(query.data ?? []);
  if (query.isPending) {
    return (
      <Loading label="Loading suggestions">
        {[1, 2, 3, 4, 5].map((row) => (
          <PersonRowSkeleton key={row} />
        ))}
      </Loading>
    );
  }
  if (query.isError && all.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  if (all.length === 0) {
    if (isQuiet) return null;
    return (
      <EmptyState
        icon={<UsersRound size={30} strokeWidth={1.6} />}
        title="Nobody to suggest yet"
        text="Find people by their username, and those they follow show up here."
      >
        <ButtonLink to={paths.search}>Search</ButtonLink>
      </EmptyState>
    );
  }
  return <Suggestions suggestions={all.slice(0, most)} />;
}
