// The message store as React sees it.
import { useEffect, useState } from "react";
import type { Conversation, UserSummary } from "@/api/types";
import { useStore } from "@/lib/store";
import { messaging, socket } from "./messaging";
import type { InboxState } from "./store/inbox";
import type { OutboxItem } from "./store/outbox";

/** The inbox, read when it is first shown. */
export function useInbox(): InboxState {
  const inbox = useStore(messaging.inbox);
  useEffect(() => {
    if (messaging.inbox.get().status === "empty") void messaging.inbox.load();
  }, []);
  return inbox;
}

export function useConversation(id: string): Conversation | undefined {
  return useStore(messaging.inbox).conversations.find((conversation) => conversation.id === id);
}

export function useThread(id: string) {
  const thread = messaging.thread(id);
  return { thread, state: useStore(thread.state) };
}

/** What is on its way to this conversation, in order. */
export function useOutbox(id: string): readonly OutboxItem[] {
  return useStore(messaging.outbox.items).filter((item) => item.conversation_id === id);
}

export function useTypingNames(conversation: Conversation | undefined): string[] {
  const typing = useStore(messaging.typing);
  if (!conversation) return [];
  return (typing.get(conversation.id) ?? []).flatMap((userId) => {
    const member = conversation.members.find((other) => other.user.id === userId);
    return member ? [member.user.display_name || member.user.username] : [];
  });
}

/** The other person of a direct conversation. */
export function partnerOf(
  conversation: Conversation,
  me: string | undefined,
): UserSummary | undefined {
  if (conversation.kind !== "direct") return undefined;
  return conversation.members.find((member) => member.user.id !== me)?.user;
}

const PATIENCE_MS = 3000;

/** True when the socket has been away for a while. */
export function useIsReconnecting(): boolean {
  const state = useStore(socket.state);
  const isAway = state === "waiting" || state === "connecting";
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isAway) {
      setLong(false);
      return undefined;
    }
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  return isLong;
}
