// What a thread shows, made of messages and of what is on its way: day headings, groups, the mark of what is new.
import type { Conversation, Message } from "@/api/types";
import { dayHeading } from "@/lib/time";
import type { OutboxItem } from "./store/outbox";

export type Row =
  | { readonly kind: "heading"; readonly key: string; readonly text: string }
  | { readonly kind: "new"; readonly key: string }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly message: Message;
      readonly isMine: boolean;
      /** The last of several by the same person in a row. */
      readonly endsGroup: boolean;
      readonly startsGroup: boolean;
    }
  | { readonly kind: "pending"; readonly key: string; readonly item: OutboxItem };

const GROUP_MS = 5 * 60_000;

function belongTogether(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b || a.sender?.id !== b.sender?.id || a.kind === "event" || b.kind === "event")
    return false;
  if (new Date(a.created_at).toDateString() !== new Date(b.created_at).toDateString()) return false;
  return Math.abs(Date.parse(b.created_at) - Date.parse(a.created_at)) < GROUP_MS;
}

interface RowsInput {
  readonly messages: readonly Message[];
  readonly outbox: readonly OutboxItem[];
  readonly me: string | undefined;
  /** What was read when the thread was opened. */
  readonly readSeq: number;
}

/** Keys stay the same from the first bubble of a sent message to the acknowledged one. */
export function rowsOf({ messages, outbox, me, readSeq }: RowsInput): Row[] {
  const rows: Row[] = [];
  let day = "";
  let isMarked = false;
  messages.forEach((message, at) => {
    const isMine = message.sender?.id === me;
    const heading = dayHeading(message.created_at);
    if (heading !== day) rows.push({ kind: "heading", key: `day-${message.seq}`, text: heading });
    day = heading;
    if (!isMarked && message.seq > readSeq && !isMine) {
      isMarked = true;
      if (at > 0) rows.push({ kind: "new", key: "new" });
    }
    rows.push({
      kind: "message",
      key: message.client_id ?? message.id,
      message,
      isMine,
      startsGroup: !belongTogether(messages[at - 1], message),
      endsGroup: !belongTogether(message, messages[at + 1]),
    });
  });
  const shown = new Set(messages.map((message) => message.client_id));
  for (const item of outbox) {
    if (!shown.has(item.client_id)) rows.push({ kind: "pending", key: item.client_id, item });
  }
  return rows;
}

/** How far every other member has read. */
export function seenSeq(conversation: Conversation | undefined, me: string | undefined): number {
  const others = conversation?.members.filter((member) => member.user.id !== me) ?? [];
  return others.length === 0 ? 0 : Math.min(...others.map((member) => member.read_seq));
}
