// A post over the page it was opened from.
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useParams } from "react-router";
import { postQuery } from "@/api/queries/posts";
import { entries, type Pages, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { useCloseOverlay } from "@/lib/overlay";
import { useTitle } from "@/lib/title";
import { IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { NotFound } from "@/ui/NotFound";
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
      {post && <PostSplit key={post.id} post={post} onDeleted={close} />}
      {!post &&
        (error ? <NotFound what="post" /> : <div className={styles.place} aria-busy="true" />)}
    </Dialog>
  );
}
