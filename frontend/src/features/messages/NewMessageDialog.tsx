// Whom to write to: people one follows, or anybody by user name.
import { Search } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { sentence } from "@/api/problem";
import { messagesApi } from "@/api/queries/messages";
import type { UserSummary } from "@/api/types";
import { FindPeople } from "@/features/search/FindPeople";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Avatar } from "@/ui/Avatar";
import { Dialog } from "@/ui/Dialog";
import { messaging } from "./messaging";
import styles from "./NewMessageDialog.module.css";

/** Opens the conversation with a person; returns its id, or null when that is not possible. */
export async function openConversation(userId: string): Promise<string | null> {
  try {
    const conversation = await messagesApi.open(userId);
    messaging.inbox.keep(conversation);
    return conversation.id;
  } catch (error) {
    toast(`You cannot write to this person now. ${sentence(error)}`, { tone: "error" });
    return null;
  }
}

export function NewMessageDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [busyWith, setBusyWith] = useState<string | null>(null);
  const open = async (person: UserSummary) => {
    setBusyWith(person.id);
    const id = await openConversation(person.id);
    setBusyWith(null);
    if (id === null) return;
    onClose();
    navigate(paths.conversation(id));
  };
  return (
    <Dialog title="New message" kind="sheet" onClose={onClose}>
      <div className={styles.body}>
        <FindPeople
          label="To"
          emptyIcon={<Search size={30} strokeWidth={1.6} />}
          row={(person) => (
            <button
              type="button"
              className={styles.person}
              aria-busy={busyWith === person.id}
              onClick={() => void open(person)}
            >
              <Avatar person={person} size={44} />
              <span>
                <strong>{person.display_name || person.username}</strong>
                <br />
                <span className={styles.username}>{person.username}</span>
              </span>
            </button>
          )}
        />
      </div>
    </Dialog>
  );
}
