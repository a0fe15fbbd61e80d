// What goes on for a member on every page: the socket, and files dropped or pasted.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { hearOfMedia } from "@/api/mediaNews";
import { badgesQuery, changeBadges, useMe } from "@/api/queries/me";
import { session } from "@/api/session";
import type { Badges } from "@/api/types";
import { listenForComments } from "@/features/comments/live";
import { DropAnywhere } from "@/features/create/DropAnywhere";
import { listenForFeed } from "@/features/feed/live";
import { messaging, socket } from "@/features/messages/messaging";
import { listenForUnread } from "@/features/messages/unread";
import { listenForNotifications } from "@/features/notifications/live";

function wake(): void {
  if (document.hidden) return;
  socket.wake();
  messaging.outbox.wake();
}

export default function Realtime() {
  const userId = useMe()?.id;
  useQuery(badgesQuery);

  useEffect(() => {
    if (userId === undefined) return undefined;
    messaging.start(userId);
    socket.start();
    const stops = [
      socket.on("badges.updated", (data) => changeBadges(() => data as Partial<Badges>)),
      socket.on("session.revoked", () => void session.recheck()),
      socket.on("media.ready", hearOfMedia),
      socket.on("media.failed", hearOfMedia),
      listenForNotifications(socket),
      listenForUnread(socket, userId),
      listenForComments(socket),
      listenForFeed(socket),
    ];
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      for (const stop of stops) stop();
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      socket.stop();
      messaging.stop();
    };
  }, [userId]);

  return <DropAnywhere />;
}
