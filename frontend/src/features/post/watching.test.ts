import { expect, test, vi } from "vitest";
import type { SocketState } from "@/lib/realtime/socket";
import { Store } from "@/lib/store";
import { isWatched, look, watchPosts } from "./watching";

function wire() {
  const state = new Store<SocketState>("idle");
  const request = vi.fn(async (_type: string, data?: object) => ({ ...data, comments_count: 1 }));
  return { state, request };
}

test("a post is asked for while it is on the screen, again after a break, and given up at the end", async () => {
  const socket = wire();
  const counts: object[] = [];
  const stop = watchPosts(socket, (told) => counts.push(told));
  look("7", 1);
  expect(socket.request).not.toHaveBeenCalled();

  socket.state.set("live");
  look("7", 1); // a second place shows it
  await Promise.resolve();
  expect(socket.request.mock.calls).toEqual([["post.watch", { post_id: "7" }]]);
  expect(counts).toEqual([{ post_id: "7", comments_count: 1 }]);
  expect(isWatched("7")).toBe(true);

  socket.state.set("waiting");
  expect(isWatched("7")).toBe(false);
  socket.state.set("live");
  expect(socket.request).toHaveBeenCalledTimes(2);

  look("7", -1);
  expect(socket.request).toHaveBeenCalledTimes(2);
  look("7", -1);
  expect(socket.request).toHaveBeenLastCalledWith("post.unwatch", { post_id: "7" });
  stop();
});

test("a post that may not be watched is reckoned by the page itself", async () => {
  const socket = wire();
  socket.request.mockRejectedValue(new Error("not_found"));
  const stop = watchPosts(socket, () => {});
  socket.state.set("live");
  look("8", 1);
  await new Promise((done) => setTimeout(done));
  expect(isWatched("8")).toBe(false);
  look("8", -1);
  stop();
});
