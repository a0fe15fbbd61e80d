// Keeps the cached comments of a post true after one of them changed.

import { keys } from "@/api/keys";
import { changePages, changePost, type Pages, prependEntry, queryClient } from "@/api/queryClient";
import type { Comment } from "@/api/types";

function byTime(a: Comment, b: Comment): number {
  return (
    a.created_at.localeCompare(b.created_at) ||
    a.id.length - b.id.length ||
    a.id.localeCompare(b.id)
  );
}

/** Replies oldest first, as they are read. */
export function inOrder(replies: readonly Comment[]): Comment[] {
  return [...replies].sort(byTime);
}

function changeRoots(
  postId: string,
  change: (data: Pages<Comment> | undefined) => Pages<Comment> | undefined,
) {
  queryClient.setQueryData<Pages<Comment>>(keys.comments(postId), change);
}

function changeAll(
  postId: string,
  change: (data: Pages<Comment> | undefined) => Pages<Comment> | undefined,
) {
  queryClient.setQueriesData<Pages<Comment>>({ queryKey: keys.comments(postId) }, change);
}

/** Changes a comment among the roots, their two newest replies and the opened threads; null takes it out. */
export function changeComment(
  postId: string,
  id: string,
  change: (comment: Comment) => Comment | null,
): void {
  changeAll(postId, (data) => changePages(data, id, change));
  changeRoots(postId, (data) => {
    const root = data?.pages
      .flatMap((page) => page.results)
      .find((c) => c.replies.some((r) => r.id === id));
    if (!root) return data;
    const replies = root.replies.flatMap((reply) =>
      reply.id === id ? (change(reply) ?? []) : reply,
    );
    return changePages(data, root.id, () => ({ ...root, replies }));
  });
}

/** Shows a comment that was just written. */
export function addComment(comment: Comment): void {
  const { post_id: postId, root_id: rootId } = comment;
  changePost(postId, (post) => ({ ...post, comments_count: post.comments_count + 1 }));
  if (!rootId) {
    changeRoots(postId, (data) => prependEntry(data, comment));
    return;
  }
  changeRoots(postId, (data) =>
    changePages(data, rootId, (root) => ({
      ...root,
      replies_count: root.replies_count + 1,
      replies: [...root.replies, comment],
    })),
  );
  void queryClient.invalidateQueries({ queryKey: keys.replies(postId, rootId) });
}

/** Takes a deleted comment away, a root with its replies. */
export function dropComment(comment: Comment): void {
  const { post_id: postId, root_id: rootId, id } = comment;
  const gone = rootId ? 1 : 1 + comment.replies_count;
  changeComment(postId, id, () => null);
  if (rootId) {
    changeRoots(postId, (data) =>
      changePages(data, rootId, (root) => ({
        ...root,
        replies_count: Math.max(0, root.replies_count - 1),
      })),
    );
  }
  changePost(postId, (post) => ({
    ...post,
    comments_count: Math.max(0, post.comments_count - gone),
  }));
}
