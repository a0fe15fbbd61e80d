// The comments of a post: the list in its order, words on their way, and new ones of others.
import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowUp, MessageCircle } from "lucide-react";
import { useRef, useState } from "react";
import { type CommentOrder, commentsQuery } from "@/api/queries/comments";
import { useMe } from "@/api/queries/me";
import { entries } from "@/api/queryClient";
import type { Comment, Post } from "@/api/types";
import { plural } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { EmptyState, ErrorState, Loading, LoadMore, Skeleton } from "@/ui/States";
import styles from "./Comments.module.css";
import { CommentThread } from "./CommentThread";
import { useUndeleted } from "./deleting";
import { showNewComments, useNewComments } from "./live";
import type { Draft, useCommentDrafts } from "./useCommentDrafts";

function DraftRow({ draft, retry, drop }: { draft: Draft; retry: () => void; drop: () => void }) {
  const me = useMe();
  if (!me) return null;
  return (
    <div className={styles.draft}>
      <Avatar person={me} size={34} />
      <div>
        <p>
          <strong>{me.username}</strong> {draft.body}
        </p>
        {draft.problem ? (
          <p className={styles.problem} role="alert">
            {draft.problem}{" "}
            <Button variant="text" size="small" onClick={retry}>
              Try again
            </Button>
            <Button variant="text" size="small" onClick={drop}>
              Discard
            </Button>
          </p>
        ) : (
          <p className={styles.sending}>Posting…</p>
        )}
      </div>
    </div>
  );
}

function CommentSkeletons() {
  return (
    <Loading label="Loading comments">
      {[1, 2, 3].map((row) => (
        <div key={row} className={styles.draft}>
          <Skeleton className={styles.skeletonAvatar} />
          <Skeleton className={styles.skeletonText} />
        </div>
      ))}
    </Loading>
  );
}

const ORDERS: readonly { value: CommentOrder; label: string }[] = [
  { value: "newest", label: "Newest" },
  { value: "top", label: "Most liked" },
];

interface OrderProps {
  readonly value: CommentOrder;
  readonly onChange: (order: CommentOrder) => void;
}

function Order({ value, onChange }: OrderProps) {
  return (
    <fieldset className={styles.orders}>
      <legend className="visually-hidden">Order of the comments</legend>
      {ORDERS.map((order) => (
        <button
          key={order.value}
          type="button"
          aria-pressed={order.value === value}
          className={styles.order}
          onClick={() => onChange(order.value)}
        >
          {order.label}
        </button>
      ))}
    </fieldset>
  );
}

interface NewsProps {
  readonly postId: string;
  readonly known: readonly Comment[];
  readonly onShown: () => void;
}

/** What others wrote meanwhile: offered, so that nothing moves under the eyes. */
function NewComments({ postId, known, onShown }: NewsProps) {
  const ids = new Set(known.map((comment) => comment.id));
  const count = useNewComments(postId).filter((comment) => !ids.has(comment.id)).length;
  if (count === 0) return null;
  const show = () => {
    showNewComments(postId);
    onShown();
  };
  return (
    <div className={styles.news}>
      <Button size="small" onClick={show}>
        <ArrowUp size={16} aria-hidden="true" /> Show {plural(count, "new comment")}
      </Button>
    </div>
  );
}

interface CommentListProps {
  readonly post: Post;
  readonly drafts: ReturnType<typeof useCommentDrafts>;
  readonly onReply: (comment: Comment) => void;
}

export function CommentList({ post, drafts, onReply }: CommentListProps) {
  const [order, setOrder] = useState<CommentOrder>("newest");
  const query = useInfiniteQuery(commentsQuery(post.id, order));
  const roots = useUndeleted(entries(query.data));
  const listRef = useRef<HTMLUListElement>(null);
  const orders = post.comments_count > 1 && <Order value={order} onChange={setOrder} />;
  if (query.isPending) {
    return (
      <>
        {orders}
        <CommentSkeletons />
      </>
    );
  }
  if (query.isError && roots.length === 0) {
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  }
  return (
    <>
      {orders}
      <NewComments postId={post.id} known={roots} onShown={() => listRef.current?.focus()} />
      {drafts.drafts.map((draft) => (
        <DraftRow
          key={draft.key}
          draft={draft}
          retry={() => void drafts.retry(draft)}
          drop={() => drafts.drop(draft.key)}
        />
      ))}
      {roots.length === 0 && drafts.drafts.length === 0 && (
        <EmptyState
          icon={<MessageCircle size={30} strokeWidth={1.6} />}
          title="No comments yet"
          {...(post.comments_policy !== "nobody" && { text: "Say something kind." })}
        />
      )}
      <ul ref={listRef} tabIndex={-1} data-comments className={styles.list} aria-label="Comments">
        {roots.map((root) => (
          <CommentThread key={root.id} root={root} moderates={post.viewer.own} onReply={onReply} />
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </>
  );
}
