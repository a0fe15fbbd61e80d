// What others do under an open post. Nothing jumps: new comments wait until they are asked for.
import { newestComments, readComment } from "@/api/queries/comments";
import { changePost } from "@/api/queryClient";
import type { Comment } from "@/api/types";
import { tellLikes } from "@/features/post/engagement";
import { watchPosts } from "@/features/post/watching";
import { announce } from "@/lib/announce";
import type { RealtimeSocket } from "@/lib/realtime/socket";
import { Store, useStore } from "@/lib/store";
import { plural } from "@/lib/text";
import { changeComment, knownComment, renewThread, showRoots } from "./cache";

/** Comments that came while one was reading, by post. */
const waiting = new Store<ReadonlyMap<string, readonly Comment[]>>(new Map());
const NONE: readonly Comment[] = [];
const GATHER_MS = 400;

function hold(postId: string, fresh: readonly Comment[]): void {
  const all = new Map(waiting.get());
  if (fresh.length > 0) all.set(postId, fresh);
  else all.delete(postId);
  waiting.set(all);
}

export function useNewComments(postId: string): readonly Comment[] {
  return useStore(waiting).get(postId) ?? NONE;
}

export function showNewComments(postId: string): void {
  showRoots(postId, waiting.get().get(postId) ?? NONE);
  hold(postId, NONE);
}

/** The list is asked, and not the one comment: it leaves out what the viewer hides. */
async function lookForNew(postId: string): Promise<void> {
  const newest = await newestComments(postId);
  const fresh = newest.filter(
    (comment) => !comment.viewer.own && !knownComment(postId, comment.id),
  );
  if (fresh.length > (waiting.get().get(postId) ?? NONE).length) {
    announce(`${plural(fresh.length, "new comment")}.`);
  }
  hold(postId, fresh);
}

async function renew(postId: string, rootId: string): Promise<void> {
  const root = await readComment(rootId);
  if (knownComment(postId, rootId)) renewThread(root);
}

interface CommentIds {
  readonly post_id: string;
  readonly comment_id: string;
  readonly root_id: string | null;
}

interface Counts {
  readonly post_id: string;
  readonly likes_count: number | null;
  readonly comments_count: number;
}

function tellCounts(data: object): void {
  const { post_id: postId, likes_count: told, comments_count } = data as Counts;
  changePost(postId, (post) => ({ ...post, likes_count: tellLikes(post, told), comments_count }));
}

/** One question for many that come at once. */
const gathering = new Map<string, ReturnType<typeof setTimeout>>();

function soon(name: string, work: () => Promise<void>): void {
  clearTimeout(gathering.get(name));
  const run = () => {
    gathering.delete(name);
    // Who asked sees it at the next reading of the list.
    work().catch(() => {});
  };
  gathering.set(name, setTimeout(run, GATHER_MS));
}

function onCreated(data: object): void {
  const { post_id: postId, comment_id: id, root_id: rootId } = data as CommentIds;
  if (rootId) soon(`thread ${rootId}`, () => renew(postId, rootId));
  else if (!knownComment(postId, id)) soon(`post ${postId}`, () => lookForNew(postId));
}

function onDeleted(data: object): void {
  const { post_id: postId, comment_id: id, root_id: rootId } = data as CommentIds;
  changeComment(postId, id, () => null);
  hold(
    postId,
    (waiting.get().get(postId) ?? NONE).filter((comment) => comment.id !== id),
  );
  if (rootId) soon(`thread ${rootId}`, () => renew(postId, rootId));
}

/** Returns how to stop listening. */
export function listenForComments(socket: RealtimeSocket): () => void {
  const stops = [
    watchPosts(socket, tellCounts),
    socket.on("post.counts", tellCounts),
    socket.on("comment.created", onCreated),
    socket.on("comment.deleted", onDeleted),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
