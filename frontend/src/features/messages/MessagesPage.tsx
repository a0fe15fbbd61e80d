// Messages: list and conversation side by side, one at a time where there is little room.
import { MessageCircle } from "lucide-react";
import { useParams } from "react-router";
import { useHasTwoPanes } from "@/lib/media";
import { useTitle } from "@/lib/title";
import { EmptyState } from "@/ui/States";
import { ConversationList } from "./ConversationList";
import styles from "./MessagesPage.module.css";
import { ThreadPane } from "./ThreadPane";

function Title() {
  useTitle("Messages");
  return null;
}

export default function MessagesPage() {
  const { conversationId } = useParams();
  const hasTwoPanes = useHasTwoPanes();
  return (
    <div className={styles.page}>
      {!conversationId && <Title />}
      {(hasTwoPanes || !conversationId) && (
        <div className={styles.list}>
          <ConversationList />
        </div>
      )}
      {conversationId && (
        <div className={styles.thread}>
          {!hasTwoPanes && <h1 className="visually-hidden">Messages</h1>}
          <ThreadPane key={conversationId} id={conversationId} />
        </div>
      )}
      {hasTwoPanes && !conversationId && (
        <div className={styles.nothing}>
          <EmptyState
            icon={<MessageCircle size={34} strokeWidth={1.5} />}
            title="Your messages"
            text="Choose a conversation, or start a new one."
          />
        </div>
      )}
    </div>
  );
}
