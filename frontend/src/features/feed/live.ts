// The socket says that the home feed grew; what exactly is new is for `newer` to say.
import { keys } from "@/api/keys";
import { queryClient } from "@/api/queryClient";
import type { RealtimeSocket } from "@/lib/realtime/socket";

function ask(): void {
  void queryClient.invalidateQueries({ queryKey: keys.newer });
}

/** Returns how to stop listening. */
export function listenForFeed(socket: Pick<RealtimeSocket, "on" | "state">): () => void {
  const stops = [
    socket.on("feed.new_available", ask),
    // What came while there was no connection is told to nobody.
    socket.state.subscribe(() => socket.state.get() === "live" && ask()),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
