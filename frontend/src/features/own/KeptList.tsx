// A list of rows; when one goes, the focus stays in the list.
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { entries, type Pages } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { ErrorState, Loading, LoadMore } from "@/ui/States";
import { KeptRowSkeleton } from "./KeptRow";

interface KeptListProps<T extends Post> {
  readonly query: UseInfiniteQueryResult<Pages<T>>;
  readonly label: string;
  readonly empty: ReactNode;
  /** `gone` is to be called when the row is about to leave the list. */
  readonly row: (post: T, gone: () => void) => ReactNode;
}

export function KeptList<T extends Post>({ query, label, empty, row }: KeptListProps<T>) {
  const ref = useRef<HTMLElement>(null);
  const posts = entries(query.data);
  const gone = () => requestAnimationFrame(() => ref.current?.focus({ preventScroll: true }));
  return (
    <section ref={ref} tabIndex={-1} aria-label={label}>
      {query.isPending && (
        <Loading label={`Loading ${label.toLowerCase()}`}>
          <KeptRowSkeleton />
          <KeptRowSkeleton />
          <KeptRowSkeleton />
        </Loading>
      )}
      {query.isError && posts.length === 0 && (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && posts.length === 0 && empty}
      {posts.length > 0 && <ul>{posts.map((post) => row(post, gone))}</ul>}
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </section>
  );
}
