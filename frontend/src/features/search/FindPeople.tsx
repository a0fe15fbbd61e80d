// Finding people: those one follows by part of their name, anybody by their exact user name.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useMe } from "@/api/queries/me";
import { followingQuery, userQuery } from "@/api/queries/users";
import { entries } from "@/api/queryClient";
import type { UserSummary } from "@/api/types";
import { useDebounced } from "@/lib/debounce";
import { PersonRowSkeleton } from "@/ui/PersonRow";
import { SearchInput } from "@/ui/SearchInput";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import styles from "./FindPeople.module.css";

const USERNAME = /^[a-z0-9._]{3,30}$/;

function useFound(text: string) {
  const me = useMe();
  const query = useDebounced(text.trim().replace(/^@/, "").toLowerCase());
  const following = useInfiniteQuery({
    ...followingQuery(me?.id ?? "", query),
    enabled: me !== undefined,
    placeholderData: (before) => before,
  });
  const exact = useQuery({ ...userQuery(query), enabled: USERNAME.test(query), retry: false });
  const followed = entries(following.data);
  const named = exact.data && exact.data.id !== me?.id ? [exact.data] : [];
  const people: UserSummary[] = [
    ...named,
    ...followed.filter((person) => person.id !== exact.data?.id),
  ];
  return { query, people, following, isSearching: exact.isFetching || following.isPending };
}

interface FindPeopleProps {
  readonly label: string;
  readonly emptyIcon: ReactNode;
  readonly row: (person: UserSummary) => ReactNode;
}

export function FindPeople({ label, emptyIcon, row }: FindPeopleProps) {
  const [text, setText] = useState("");
  const { query, people, following, isSearching } = useFound(text);
  return (
    <div>
      <div className={styles.search}>
        <SearchInput
          label={label}
          placeholder="Username"
          autoFocus
          data-autofocus
          value={text}
          onChange={setText}
        />
      </div>
      <p className="visually-hidden" role="status">
        {!isSearching && query ? `${people.length} found` : ""}
      </p>
      {people.length === 0 && isSearching && (
        <Loading label="Searching">
          <PersonRowSkeleton />
          <PersonRowSkeleton />
        </Loading>
      )}
      {following.isError && people.length === 0 && (
        <ErrorState error={following.error} retry={() => void following.refetch()} />
      )}
      {people.length === 0 && !isSearching && !following.isError && (
        <EmptyState
          icon={emptyIcon}
          title={query ? `No results for “${query}”` : "Find somebody"}
          text={
            query
              ? "Type the whole username of people you do not follow yet."
              : "Type a username. People you follow show up here as well."
          }
        />
      )}
      {people.length > 0 && (
        <>
          {!query && <h2 className={styles.heading}>People you follow</h2>}
          <ul>
            {people.map((person) => (
              <li key={person.id}>{row(person)}</li>
            ))}
          </ul>
          <LoadMore
            hasMore={following.hasNextPage}
            isLoading={following.isFetchingNextPage}
            failed={following.isFetchNextPageError}
            load={() => void following.fetchNextPage()}
          />
        </>
      )}
    </div>
  );
}
