// The inbox: who wrote last, what is unread, who is typing.
import { MessageCircle, SquarePen } from "lucide-react";
import { useState } from "react";
import { NavLink } from "react-router";
import { useMe } from "@/api/queries/me";
import type { Conversation, Message } from "@/api/types";
import { paths } from "@/lib/paths";
import { count } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { PersonRowSkeleton } from "@/ui/PersonRow";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import { Time } from "@/ui/Time";
import styles from "./ConversationList.module.css";
import { partnerOf, useInbox, useTypingNames } from "./hooks";
import { messaging } from "./messaging";
import { NewMessageDialog } from "./NewMessageDialog";

function preview(message: Message | null, me: string | undefined): string {
  if (!message) return "Say hello";
  if (message.unsent_at) return "Message unsent";
  switch (message.kind) {
    case "hidden":
      return "Message not available";
    case "text":
    case "event":
      break;
    default:
      if (!message.body) return "Sent something";
  }
  return message.sender?.id === me ? `You: ${message.body}` : message.body;
}

function Row({ conversation, me }: { conversation: Conversation; me: string | undefined }) {
  const typing = useTypingNames(conversation);
  const partner = partnerOf(conversation, me);
  const title = conversation.title ?? "Conversation";
  const isUnread = conversation.unread_count > 0;
  return (
    <NavLink
      to={paths.conversation(conversation.id)}
      className={({ isActive }) =>
        classes(styles.row, isActive && styles.active, isUnread && styles.unread)
      }
    >
      <Avatar
        size={52}
        person={{
          username: partner?.username ?? conversation.id,
          display_name: title,
          avatar_url: conversation.avatar_url,
        }}
      />
      <span className={styles.text}>
        <span className={styles.title}>{title}</span>
        <span className={styles.last}>
          {typing.length > 0 ? (
            <span className={styles.typing}>typing…</span>
          ) : (
            <span className={styles.preview}>{preview(conversation.last_message, me)}</span>
          )}
          <span aria-hidden="true">·</span>
          <Time at={conversation.last_activity_at} />
        </span>
      </span>
      {isUnread && (
        <span className={styles.badge}>
          {count(conversation.unread_count)}
          <span className="visually-hidden"> unread</span>
        </span>
      )}
    </NavLink>
  );
}

export function ConversationList() {
  const inbox = useInbox();
  const me = useMe()?.id;
  const [isWriting, setWriting] = useState(false);
  const { status, conversations } = inbox;
  return (
    <div className={styles.list}>
      <header className={styles.header}>
        <h1>Messages</h1>
        <IconButton label="New message" onClick={() => setWriting(true)}>
          <SquarePen size={24} />
        </IconButton>
      </header>
      {(status === "empty" || status === "loading") && (
        <Loading label="Loading your messages">
          {[1, 2, 3, 4, 5, 6].map((row) => (
            <PersonRowSkeleton key={row} />
          ))}
        </Loading>
      )}
      {status === "failed" && (
        <ErrorState error={inbox.error} retry={() => void messaging.inbox.load()} />
      )}
      {status === "ready" && conversations.length === 0 && (
        <EmptyState
          icon={<MessageCircle size={32} strokeWidth={1.6} />}
          title="No messages yet"
          text="Write to somebody. It stays between the two of you."
        >
          <Button variant="primary" onClick={() => setWriting(true)}>
            New message
          </Button>
        </EmptyState>
      )}
      {conversations.length > 0 && (
        <nav aria-label="Conversations">
          <ul>
            {conversations.map((conversation) => (
              <li key={conversation.id}>
                <Row conversation={conversation} me={me} />
              </li>
            ))}
          </ul>
        </nav>
      )}
      <LoadMore
        hasMore={inbox.next !== null}
        isLoading={inbox.isLoadingMore}
        failed={false}
        load={() => void messaging.inbox.loadMore().catch(() => undefined)}
      />
      {isWriting && <NewMessageDialog onClose={() => setWriting(false)} />}
    </div>
  );
}
