// Messages and conversations for tests.
import type { Conversation, Message, UserSummary } from "@/api/types";

export function person(id: string): UserSummary {
  return { id, username: `user${id}`, display_name: "", avatar_url: null, is_private: false };
}

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    conversation_id: "7",
    seq,
    rev: seq,
    sender: person("2"),
    client_id: `client-${seq}`,
    kind: "text",
    body: `message ${seq}`,
    media: [],
    post: null,
    story: null,
    reply_to_seq: null,
    reactions: [],
    created_at: new Date(Date.UTC(2026, 0, 1, 12, 0, seq)).toISOString(),
    edited_at: null,
    unsent_at: null,
    ...more,
  };
}

export function messages(first: number, last: number): Message[] {
  return Array.from({ length: last - first + 1 }, (_, at) => message(first + at));
}

export function conversation(lastSeq: number, more: Partial<Conversation> = {}): Conversation {
  return {
    id: "7",
    kind: "direct",
    title: "Asha",
    avatar_url: null,
    members: [
      { user: person("1"), role: "member", read_seq: lastSeq },
      { user: person("2"), role: "member", read_seq: lastSeq },
    ],
    last_message: lastSeq > 0 ? message(lastSeq) : null,
    first_seq: 1,
    last_seq: lastSeq,
    rev: lastSeq,
    unread_count: 0,
    folder: "primary",
    my: { read_seq: lastSeq, muted_until: null, pinned: false },
    last_activity_at: message(lastSeq).created_at,
    ...more,
  };
}

export const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
