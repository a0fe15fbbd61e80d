// What a post said before each edit.
import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { historyQuery } from "@/api/queries/ownPosts";
import { entries } from "@/api/queryClient";
import type { Post, Revision } from "@/api/types";
import { exactTime } from "@/lib/time";
import { Dialog } from "@/ui/Dialog";
import { RichText } from "@/ui/RichText";
import { EmptyState, ErrorState, Loading, LoadMore, Skeleton } from "@/ui/States";
import styles from "./HistoryDialog.module.css";

interface Version extends Pick<Revision, "caption" | "place_name"> {
  readonly since: string;
  readonly isNow?: boolean;
}

function Entry({ version }: { version: Version }) {
  return (
    <li className={styles.entry}>
      <h3 className={styles.when}>
        {version.isNow && "Now, since "}
        <time dateTime={version.since}>{exactTime(version.since)}</time>
      </h3>
      {version.place_name && <p className={styles.place}>At {version.place_name}</p>}
      {version.caption ? (
        <p>
          <RichText text={version.caption} />
        </p>
      ) : (
        <p className={styles.none}>No caption</p>
      )}
    </li>
  );
}

export default function HistoryDialog({ post, onClose }: { post: Post; onClose: () => void }) {
  const query = useInfiniteQuery(historyQuery(post.id));
  const earlier = entries(query.data);
  const now: Version = {
    caption: post.caption,
    place_name: post.place?.name ?? "",
    since: post.edited_at ?? "",
    isNow: true,
  };
  return (
    <Dialog title="Edits" kind="sheet" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={styles.scroll} tabIndex={0} aria-label="Earlier versions">
        {query.isPending && (
          <Loading label="Loading earlier versions">
            <Skeleton className={styles.skeleton} />
          </Loading>
        )}
        {query.isError && earlier.length === 0 && (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        )}
        {query.isSuccess && earlier.length === 0 && (
          <EmptyState icon={<History size={30} strokeWidth={1.6} />} title="No earlier versions" />
        )}
        {earlier.length > 0 && (
          <ol className={styles.list}>
            <Entry version={now} />
            {earlier.map((revision) => (
              <Entry key={revision.id} version={revision} />
            ))}
          </ol>
        )}
        <LoadMore
          hasMore={query.hasNextPage}
          isLoading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          load={() => void query.fetchNextPage()}
        />
      </section>
    </Dialog>
  );
}
