// One collection: its posts, and its name, cover and order.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ArrowDownUp, Bookmark, Image, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { keys } from "@/api/keys";
import { ApiError, sentence } from "@/api/problem";
import {
  collectionPostsQuery,
  collectionQuery,
  deleteCollection,
  editCollection,
  orderCollection,
} from "@/api/queries/collections";
import { entries } from "@/api/queryClient";
import type { Collection, Post } from "@/api/types";
import { PostThumb } from "@/features/post/PostThumb";
import { PostListing } from "@/features/profile/PostListing";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { ConfirmDialog, Dialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import { EmptyState, LoadMore } from "@/ui/States";
import { Arrange } from "./Arrange";
import { collectionsChanged, reorder, uncollect } from "./collections";
import { NameDialog } from "./NameDialog";
import styles from "./saved.module.css";

const nameOf = (post: Post) => post.caption.slice(0, 60) || `the post by ${post.author.username}`;

async function setCover({ id }: Collection, post: Post): Promise<void> {
  try {
    await editCollection(id, { cover_post_id: post.id });
    collectionsChanged();
    toast("This is the cover now.");
  } catch (error) {
    toast(`The cover stays. ${sentence(error)}`, { tone: "error" });
  }
}

interface ArrangeDialogProps {
  readonly collection: Collection;
  readonly onClose: () => void;
}

function ArrangeDialog({ collection, onClose }: ArrangeDialogProps) {
  const { id, name } = collection;
  const query = useInfiniteQuery(collectionPostsQuery(id));
  return (
    <Dialog title="Arrange" kind="sheet" size="medium" onClose={onClose}>
      <div className={styles.choices}>
        <Arrange
          entries={entries(query.data)}
          label={`Posts in ${name}`}
          nameOf={nameOf}
          onOrder={(ordered) =>
            void reorder(keys.collectionPosts(id), ordered, (ids) => orderCollection(id, ids))
          }
          row={(post) => (
            <>
              <PostThumb post={post} sizes="56px" className={styles.cover} />
              <span className={styles.name}>{nameOf(post)}</span>
            </>
          )}
          after={(post) => (
            <Menu
              label={`More for ${nameOf(post)}`}
              items={[
                {
                  label: "Use as cover",
                  icon: <Image size={20} />,
                  run: () => void setCover(collection, post),
                },
                {
                  label: "Take out",
                  icon: <Trash2 size={20} />,
                  danger: true,
                  run: () => void uncollect(post, id, name),
                },
              ]}
            />
          )}
        />
        <LoadMore
          hasMore={query.hasNextPage}
          isLoading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          load={() => void query.fetchNextPage()}
        />
      </div>
    </Dialog>
  );
}

function More({ collection }: { collection: Collection }) {
  const { id, name } = collection;
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"name" | "arrange" | "delete" | null>(null);
  const close = () => setDialog(null);
  const remove = async () => {
    try {
      await deleteCollection(id);
      collectionsChanged();
      navigate(paths.saved, { replace: true });
      toast(`${name} is gone. Its posts are still saved.`);
    } catch (error) {
      toast(`Not deleted. ${sentence(error)}`, { tone: "error" });
    }
  };
  return (
    <>
      {collection.posts_count > 0 && (
        <Button size="small" onClick={() => setDialog("arrange")}>
          <ArrowDownUp size={16} aria-hidden="true" /> Arrange
        </Button>
      )}
      <Menu
        label={`More for ${name}`}
        items={[
          { label: "Rename", icon: <Pencil size={20} />, run: () => setDialog("name") },
          {
            label: "Delete collection",
            icon: <Trash2 size={20} />,
            danger: true,
            run: () => setDialog("delete"),
          },
        ]}
      />
      {dialog === "arrange" && <ArrangeDialog collection={collection} onClose={close} />}
      {dialog === "name" && (
        <NameDialog
          title="Rename collection"
          button="Rename"
          name={name}
          work={async (wanted) => {
            await editCollection(id, { name: wanted });
            collectionsChanged();
          }}
          onClose={close}
        />
      )}
      {dialog === "delete" && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          text="The posts in it stay saved."
          confirm="Delete collection"
          onConfirm={() => void remove()}
          onClose={close}
        />
      )}
    </>
  );
}

export default function CollectionPage() {
  const { collectionId = "" } = useParams();
  const { data: collection, error } = useQuery(collectionQuery(collectionId));
  const query = useInfiniteQuery(collectionPostsQuery(collectionId));
  useTitle(collection?.name ?? "Collection");
  if (error instanceof ApiError && error.isNotFound) return <NotFound what="collection" />;
  return (
    <Page
      title={collection?.name ?? "Collection"}
      width="grid"
      back={paths.saved}
      action={collection && <More collection={collection} />}
    >
      <PostListing
        query={query}
        label="Loading the collection"
        empty={
          <EmptyState
            icon={<Bookmark size={32} strokeWidth={1.6} />}
            title="Nothing in it yet"
            text="Hold the save button of a post, or open its menu, to put it into a collection."
          />
        }
      />
    </Page>
  );
}
