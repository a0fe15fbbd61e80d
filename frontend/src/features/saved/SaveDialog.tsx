// Which collection a post goes to.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { collectionsQuery, createCollection } from "@/api/queries/collections";
import { entries } from "@/api/queryClient";
import type { Collection, Post } from "@/api/types";
import { plural } from "@/lib/text";
import { Dialog } from "@/ui/Dialog";
import { ErrorState, Loading, LoadMore, Skeleton } from "@/ui/States";
import { Cover } from "./Cover";
import { collect, collectionsChanged } from "./collections";
import { NameDialog } from "./NameDialog";
import styles from "./saved.module.css";

export default function SaveDialog({ post, onClose }: { post: Post; onClose: () => void }) {
  const query = useInfiniteQuery(collectionsQuery);
  const [isNaming, setNaming] = useState(false);
  const add = async (collection: Collection) => {
    if (await collect(post, collection)) onClose();
  };
  return (
    <Dialog title="Save to a collection" kind="sheet" onClose={onClose}>
      <div className={styles.choices}>
        <button
          type="button"
          data-autofocus
          className={styles.choice}
          onClick={() => setNaming(true)}
        >
          <span className={styles.cover}>
            <Plus size={24} aria-hidden="true" />
          </span>
          New collection
        </button>
        {query.isPending && (
          <Loading label="Loading collections">
            <Skeleton className={styles.line} />
          </Loading>
        )}
        {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
        {entries(query.data).map((collection) => (
          <button
            key={collection.id}
            type="button"
            className={styles.choice}
            onClick={() => void add(collection)}
          >
            <Cover collection={collection} />
            <span className={styles.words}>
              <span className={styles.name}>{collection.name}</span>
              <span className={styles.note}>{plural(collection.posts_count, "post")}</span>
            </span>
          </button>
        ))}
        <LoadMore
          hasMore={query.hasNextPage}
          isLoading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          load={() => void query.fetchNextPage()}
        />
      </div>
      {isNaming && (
        <NameDialog
          title="New collection"
          button="Create and save"
          work={async (name) => {
            const collection = await createCollection(name);
            collectionsChanged();
            await add(collection);
          }}
          onClose={() => setNaming(false)}
        />
      )}
    </Dialog>
  );
}
