// A list of people that goes on as one scrolls.
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { entries, type Pages } from "@/api/queryClient";
import type { UserSummary } from "@/api/types";
import styles from "./PeopleList.module.css";
import { PersonRow, PersonRowSkeleton } from "./PersonRow";
import { EmptyState, ErrorState, Loading, LoadMore } from "./States";

interface PeopleListProps<T extends UserSummary> {
  readonly query: UseInfiniteQueryResult<Pages<T>>;
  readonly empty: string;
  readonly emptyText?: string;
  readonly emptyIcon: ReactNode;
  /** What stands at the end of each row. */
  readonly action?: (person: T) => ReactNode;
  /** Instead of the name under the username. */
  readonly note?: (person: T) => string;
  readonly onOpen?: () => void;
}

export function PeopleList<T extends UserSummary>({
  query,
  empty,
  emptyText,
  emptyIcon,
  action,
  note,
  onOpen,
}: PeopleListProps<T>) {
  if (query.isPending) {
    return (
      <Loading label="Loading people">
        {[1, 2, 3, 4, 5].map((row) => (
          <PersonRowSkeleton key={row} />
        ))}
      </Loading>
    );
  }
  const people = entries(query.data);
  if (query.isError && people.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  if (people.length === 0)
    return <EmptyState icon={emptyIcon} title={empty} {...(emptyText && { text: emptyText })} />;
  return (
    <div className={styles.list}>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <PersonRow
              person={person}
              {...(note && { note: note(person) })}
              {...(onOpen && { onOpen })}
            >
              {action?.(person)}
            </PersonRow>
          </li>
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </div>
  );
}
