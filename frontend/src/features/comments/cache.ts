// Keeps the cached comments of a post true after one of them changed.

import { keys } from "@/api/keys";
import { changePages, changePost, type Pages, queryClient } from "@/api/queryClient";
import type { Comment } from "@/api/types";
import { isWatched } from "@/features/post/watching";

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

type Change = (data: Pages<Comment> | undefined) => Pages<Comment> | undefined;

/** In each order that was looked at. */
function changeRoots(postId: string, change: Change) {
  queryClient.setQueriesData<Pages<Comment>>({ queryKey: keys.roots(postId) }, change);
}

function changeAll(postId: string, change: Change) {
  queryClient.setQueriesData<Pages<Comment>>({ queryKey: keys.comments(postId) }, change);
}

function known(postId: string): Comment[] {
  return queryClient
    .getQueriesData<Pages<Comment>>({ queryKey: keys.comments(postId) })
    .flatMap(([, data]) => data?.pages.flatMap((page) => page.results) ?? [])
    .flatMap((comment) => [comment, ...comment.replies]);
}

/** A comment as some list holds it. */
export function knownComment(postId: string, id: string): Comment | undefined {
  return known(postId).find((comment) => comment.id === id);
}

/** A watched post is told its number by the server. */
function countComments(postId: string, step: number): void {
  if (isWatched(postId)) return;
  changePost(postId, (post) => ({
    ...post,
    comments_count: Math.max(0, post.comments_count + step),
  }));
}

/** New ones stand first, below what the author of the post keeps on top. */
export function withNewRoots(
  data: Pages<Comment> | undefined,
  fresh: readonly Comment[],
): Pages<Comment> | undefined {
  const [first, ...rest] = data?.pages ?? [];
  if (!data || !first) return data;
  const ids = new Set(fresh.map((comment) => comment.id));
  const others = first.results.filter((comment) => !ids.has(comment.id));
  const firstFree = others.findIndex((comment) => !comment.pinned);
  const at = firstFree < 0 ? others.length : firstFree;
  const results = [...others.slice(0, at), ...fresh, ...others.slice(at)];
  return { ...data, pages: [{ ...first, results }, ...rest] };
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

/** Puts new comments of others into the lists of their post. */
export function showRoots(postId: string, fresh: readonly Comment[]): void {
  changeRoots(postId, (data) => withNewRoots(data, fresh));
}

/** Shows a comment that was just written; one that waits is not counted. */
export function addComment(comment: Comment): void {
  const { post_id: postId, root_id: rootId } = comment;
  if (knownComment(postId, comment.id)) return;
  const step = comment.state === "visible" ? 1 : 0;
  countComments(postId, step);
  if (!rootId) {
    changeRoots(postId, (data) => withNewRoots(data, [comment]));
    return;
  }
  changeRoots(postId, (data) =>
    changePages(data, rootId, (root) => ({
      ...root,
      replies_count: root.replies_count + step,
      replies: [...root.replies, comment],
    })),
  );
  void queryClient.invalidateQueries({ queryKey: keys.replies(postId, rootId) });
}

/** A thread changed elsewhere: its numbers and newest replies of now. */
export function renewThread(root: Comment): void {
  changeRoots(root.post_id, (data) => changePages(data, root.id, () => root));
  void queryClient.invalidateQueries({ queryKey: keys.replies(root.post_id, root.id) });
}

/** Takes a deleted comment away, a root with its replies; what is gone already changes nothing. */
export function dropComment(comment: Comment): void {
  const { post_id: postId, root_id: rootId, id } = comment;
  if (!knownComment(postId, id)) return;
  const stood = comment.state === "visible" ? 1 : 0;
  changeComment(postId, id, () => null);
  if (rootId) {
    changeRoots(postId, (data) =>
      changePages(data, rootId, (root) => ({
        ...root,
        replies_count: Math.max(0, root.replies_count - stood),
      })),
    );
  }
  countComments(postId, -(rootId ? stood : stood + comment.replies_count));
}

/** What waited may be seen by everybody from now on. */
export function standComment(comment: Comment): void {
  const { post_id: postId, root_id: rootId, id } = comment;
  changeComment(postId, id, (now) => ({ ...now, state: "visible" }));
  countComments(postId, 1);
  if (!rootId) return;
  changeRoots(postId, (data) =>
    changePages(data, rootId, (root) => ({ ...root, replies_count: root.replies_count + 1 })),
  );
}
