// One's collections, over all that is saved.
import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowDownUp, Plus } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { collectionsQuery, createCollection } from "@/api/queries/collections";
import { entries } from "@/api/queryClient";
import type { Collection } from "@/api/types";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorState, LoadMore } from "@/ui/States";
import { Arrange } from "./Arrange";
import { Cover } from "./Cover";
import { collectionsChanged, reorderCollections } from "./collections";
import { NameDialog } from "./NameDialog";
import styles from "./saved.module.css";

function Tile({ collection }: { collection: Collection }) {
  return (
    <li>
      <Link to={paths.collection(collection.id)} className={styles.tile}>
        <Cover collection={collection} className={styles.large} />
        <span className={styles.name}>{collection.name}</span>
        <span className={styles.note}>{plural(collection.posts_count, "post")}</span>
      </Link>
    </li>
  );
}

export function Collections() {
  const query = useInfiniteQuery(collectionsQuery);
  const [dialog, setDialog] = useState<"new" | "order" | null>(null);
  const collections = entries(query.data);
  const close = () => setDialog(null);
  return (
    <section className={styles.collections} aria-labelledby="collections">
      <div className={styles.head}>
        <h2 id="collections" className={styles.heading}>
          Collections
        </h2>
        {collections.length > 1 && (
          <Button size="small" variant="quiet" onClick={() => setDialog("order")}>
            <ArrowDownUp size={16} aria-hidden="true" /> Arrange
          </Button>
        )}
        <Button size="small" onClick={() => setDialog("new")}>
          <Plus size={16} aria-hidden="true" /> New collection
        </Button>
      </div>
      {query.isError && collections.length === 0 && (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && collections.length === 0 && (
        <p className={styles.note}>Keep what belongs together in one place. Only you see it.</p>
      )}
      {collections.length > 0 && (
        <ul className={styles.tiles}>
          {collections.map((collection) => (
            <Tile key={collection.id} collection={collection} />
          ))}
        </ul>
      )}
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
      {dialog === "new" && (
        <NameDialog
          title="New collection"
          button="Create"
          work={async (name) => {
            await createCollection(name);
            collectionsChanged();
          }}
          onClose={close}
        />
      )}
      {dialog === "order" && (
        <Dialog title="Arrange collections" kind="sheet" onClose={close}>
          <div className={styles.choices}>
            <Arrange
              entries={collections}
              label="Collections"
              nameOf={({ name }) => name}
              onOrder={(ordered) => void reorderCollections(ordered)}
              row={(collection) => (
                <>
                  <Cover collection={collection} />
                  <span className={styles.name}>{collection.name}</span>
                </>
              )}
            />
          </div>
        </Dialog>
      )}
    </section>
  );
}
