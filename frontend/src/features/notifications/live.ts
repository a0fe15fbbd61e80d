// Notifications as they come: the badge and the list learn of them without being asked.
import { keys } from "@/api/keys";
import { changePages, type Pages, prependEntry, queryClient } from "@/api/queryClient";
import type { Notification } from "@/api/types";
import type { RealtimeSocket } from "@/lib/realtime/socket";

function show(notification: Notification): void {
  queryClient.setQueryData<Pages<Notification>>(keys.notifications, (data) =>
    // A group that grew goes to the top again.
    prependEntry(
      changePages(data, notification.id, () => null),
      notification,
    ),
  );
}

/** Somebody private let us in: what was closed to us is open now. */
function openProfiles(): void {
  void queryClient.invalidateQueries({ queryKey: ["user"] });
  void queryClient.invalidateQueries({ queryKey: ["posts"] });
}

/** Returns how to stop listening. */
export function listenForNotifications(socket: Pick<RealtimeSocket, "on">): () => void {
  const take = (data: object) => {
    const notification = data as Notification;
    show(notification);
    if (notification.type === "follow_accepted") openProfiles();
  };
  const stops = [socket.on("notification.created", take), socket.on("notification.updated", take)];
  return () => {
    for (const stop of stops) stop();
  };
}
