// The one socket and the one message store of this tab.

import { cursorOf } from "@/api/client";
import { ApiError } from "@/api/problem";
import { webSocketTicket } from "@/api/queries/auth";
import { changeBadges } from "@/api/queries/me";
import { messagesApi } from "@/api/queries/messages";
import type { Badges } from "@/api/types";
import { RealtimeSocket, type Wire } from "@/lib/realtime/socket";
import { Messaging } from "./store/messaging";
import { outboxStorage } from "./store/outboxStorage";

async function ticket(): Promise<string | null> {
  try {
    return await webSocketTicket();
  } catch (error) {
    // The session is over: nobody is there to be told anything.
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

function connect(fresh: string): Wire {
  const url = new URL("/ws/v1", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("ticket", fresh);
  return new WebSocket(url, "jyoti.v1") as Wire;
}

export const socket: RealtimeSocket = new RealtimeSocket({
  ticket,
  connect,
  greet: async () => {
    const badges = (await messaging.greet()) as Partial<Badges>;
    changeBadges(() => badges);
  },
  onHeartbeat: (answer) => messaging.heartbeat(answer),
});

export const messaging: Messaging = new Messaging({
  socket,
  api: messagesApi,
  storage: outboxStorage,
  cursorOf,
});
