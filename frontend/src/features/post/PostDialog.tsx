// A post over the page it was opened from, and the way to those beside it in the list there.
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useParams } from "react-router";
import { postQuery } from "@/api/queries/posts";
import { entries, type Pages, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { useArrowKeys } from "@/lib/hotkeys";
import { useCloseOverlay } from "@/lib/overlay";
import { useTitle } from "@/lib/title";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { NotFound } from "@/ui/NotFound";
import { useNeighbours } from "./neighbours";
import { PostSplit } from "./PostDetail";
import styles from "./PostDialog.module.css";

/** The post as a list below already knows it, so that the dialog opens at once. */
function known(shortcode: string): Post | undefined {
  for (const [, data] of queryClient.getQueriesData<Pages<Post>>({ queryKey: ["posts"] })) {
    const post = entries(data).find((entry) => entry.shortcode === shortcode);
    if (post) return post;
  }
  return undefined;
}

/** Beside the dialog; at the ends of the list they stay, so that the focus does. */
function Arrows({ shortcode }: { shortcode: string }) {
  const { at, previous, next, hasMore, go } = useNeighbours(shortcode);
  const backRef = useRef<HTMLButtonElement>(null);
  const onRef = useRef<HTMLButtonElement>(null);
  const taken = useRef(onRef);
  const move = (step: -1 | 1) => {
    taken.current = step < 0 ? backRef : onRef;
    go(step);
  };
  useArrowKeys(move);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus may have gone with the post before
  useEffect(() => {
    if (document.activeElement === document.body) taken.current.current?.focus();
  }, [shortcode]);

  if (at < 0) return null;
  return (
    <>
      <IconButton
        ref={backRef}
        tone="over"
        label="Previous post"
        aria-disabled={!previous}
        className={classes(styles.arrow, styles.previous)}
        onClick={() => move(-1)}
      >
        <ChevronLeft size={26} />
      </IconButton>
      <IconButton
        ref={onRef}
        tone="over"
        label="Next post"
        aria-disabled={!next && !hasMore}
        className={classes(styles.arrow, styles.next)}
        onClick={() => move(1)}
      >
        <ChevronRight size={26} />
      </IconButton>
    </>
  );
}

export default function PostDialog() {
  const { shortcode = "" } = useParams();
  const close = useCloseOverlay();
  const { data: post, error } = useQuery({
    ...postQuery(shortcode),
    placeholderData: () => known(shortcode),
  });
  const title = post ? `Post by ${post.author.username}` : "Post";
  useTitle(title);
  return (
    <Dialog title={title} kind="bare" size="wide" onClose={close}>
      <div className={styles.close}>
        <IconButton tone="over" label="Close" onClick={close}>
          <X size={22} />
        </IconButton>
      </div>
      <Arrows shortcode={shortcode} />
      <div className={styles.card}>
        {post && <PostSplit key={post.id} post={post} onDeleted={close} />}
        {!post &&
          (error ? <NotFound what="post" /> : <div className={styles.place} aria-busy="true" />)}
      </div>
    </Dialog>
  );
}
