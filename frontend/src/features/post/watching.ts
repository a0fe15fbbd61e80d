// Posts that are open: the socket is asked for their numbers and comments for as long as somebody looks.
// The pages say what they look at, the socket is told of it from `app/Realtime`.
import { useEffect } from "react";
import type { RealtimeSocket } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";

/** How many places of this tab show a post. */
const looks = new Map<string, number>();
const shown = new Store<readonly string[]>([]);
/** What the server has agreed to tell on the present connection. */
const told = new Set<string>();

/** A place of this tab begins (1) or ceases (-1) to show a post. */
export function look(postId: string, step: number): void {
  const now = (looks.get(postId) ?? 0) + step;
  if (now > 0) looks.set(postId, now);
  else looks.delete(postId);
  shown.set([...looks.keys()]);
}

/** Keeps the numbers of a post true while the component is on the screen. */
export function useWatchedPost(postId: string): void {
  useEffect(() => {
    look(postId, 1);
    return () => look(postId, -1);
  }, [postId]);
}

/** The server tells the numbers of this post: nobody else needs to reckon them. */
export function isWatched(postId: string): boolean {
  return told.has(postId);
}

export type Wire = Pick<RealtimeSocket, "request" | "state">;

/** Asks for what is shown, again after each break; `onCounts` gets what the server says. Returns how to stop. */
export function watchPosts(socket: Wire, onCounts: (counts: object) => void): () => void {
  const ask = async (postId: string) => {
    told.add(postId);
    try {
      onCounts(await socket.request("post.watch", { post_id: postId }));
    } catch {
      told.delete(postId); // gone, or the connection is: the next one asks again
    }
  };
  const follow = () => {
    if (socket.state.get() !== "live") {
      told.clear();
      return;
    }
    const wanted = new Set(shown.get());
    for (const postId of wanted) if (!told.has(postId)) void ask(postId);
    for (const postId of [...told].filter((id) => !wanted.has(id))) {
      told.delete(postId);
      socket.request("post.unwatch", { post_id: postId }).catch(() => {});
    }
  };
  const stops = [shown.subscribe(follow), socket.state.subscribe(follow)];
  follow();
  return () => {
    for (const stop of stops) stop();
    told.clear();
  };
}
