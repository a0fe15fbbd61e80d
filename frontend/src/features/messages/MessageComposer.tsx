// Where a message is written. What is not sent yet is kept for each conversation.
import { SendHorizontal, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type Ref, useState } from "react";
import { useLimits } from "@/api/queries/instance";
import type { Message } from "@/api/types";
import { length } from "@/lib/text";
import { IconButton } from "@/ui/Button";
import { GrowingArea } from "@/ui/Field";
import styles from "./MessageComposer.module.css";
import { messaging } from "./messaging";

const unsent = new Map<string, string>();

interface MessageComposerProps {
  readonly id: string;
  readonly replyTo: Message | null;
  readonly onDone: () => void;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

export function MessageComposer({ id, replyTo, onDone, ref }: MessageComposerProps) {
  const limits = useLimits();
  const [text, setText] = useState(unsent.get(id) ?? "");
  const left = limits.message - length(text);

  const change = (value: string) => {
    setText(value);
    unsent.set(id, value);
    if (value) messaging.typing.begin(id);
    else messaging.typing.end(id);
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const body = text.trim();
    if (!body || left < 0) return;
    messaging.send(id, body, replyTo?.seq ?? null);
    setText("");
    unsent.delete(id);
    onDone();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && replyTo) onDone();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  return (
    <form className={styles.composer} onSubmit={submit}>
      {replyTo && (
        <p className={styles.replying}>
          <span>
            Replying to <strong>{replyTo.sender?.username}</strong>: {replyTo.body}
          </span>
          <IconButton label="Cancel reply" onClick={onDone}>
            <X size={16} />
          </IconButton>
        </p>
      )}
      <div className={styles.field}>
        <GrowingArea
          ref={ref}
          aria-label="Message"
          placeholder="Message…"
          enterKeyHint="send"
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKey}
          onBlur={() => messaging.typing.end(id)}
        />
        {left < 200 && <span className={left < 0 ? styles.over : styles.left}>{left}</span>}
        <IconButton
          label="Send"
          type="submit"
          className={styles.send}
          disabled={!text.trim() || left < 0}
        >
          <SendHorizontal size={20} />
        </IconButton>
      </div>
    </form>
  );
}
