// A message from somebody else can make one more conversation unread; the server says how many are.
import { keys } from "@/api/keys";
import { queryClient } from "@/api/queryClient";
import type { Message } from "@/api/types";
import type { RealtimeSocket } from "@/lib/realtime/socket";

// Long enough for the read mark of a thread that is being looked at.
const PAUSE_MS = 600;

/** Returns how to stop listening. */
export function listenForUnread(socket: Pick<RealtimeSocket, "on">, userId: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = socket.on("message.created", (data) => {
    if ((data as { message: Message }).message.sender?.id === userId) return;
    clearTimeout(timer);
    timer = setTimeout(
      () => void queryClient.invalidateQueries({ queryKey: keys.badges }),
      PAUSE_MS,
    );
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
