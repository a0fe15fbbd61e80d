// The socket says that the home feed grew; what exactly is new is for `newer` to say.
import { keys } from "@/api/keys";
import { queryClient } from "@/api/queryClient";
import type { RealtimeSocket } from "@/lib/realtime/socket";

/** Returns how to stop listening. */
export function listenForFeed(socket: Pick<RealtimeSocket, "on">): () => void {
  return socket.on("feed.new_available", () => {
    void queryClient.invalidateQueries({ queryKey: keys.newer });
  });
}
