// One conversation: who it is with, what was said, and the composer.
import { ArrowLeft } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { ApiError } from "@/api/problem";
import { useMe } from "@/api/queries/me";
import type { Message } from "@/api/types";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Avatar } from "@/ui/Avatar";
import { NotFound } from "@/ui/NotFound";
import { ErrorState } from "@/ui/States";
import { partnerOf, useConversation, useIsReconnecting, useThread, useTypingNames } from "./hooks";
import { MessageComposer } from "./MessageComposer";
import { MessageLog, MessageLogSkeleton } from "./MessageLog";
import styles from "./ThreadPane.module.css";

export function ThreadPane({ id }: { id: string }) {
  const me = useMe()?.id;
  const conversation = useConversation(id);
  const { thread, state } = useThread(id);
  const typing = useTypingNames(conversation);
  const isReconnecting = useIsReconnecting();
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const composerRef = useRef<HTMLTextAreaElement>(null);
  const partner = conversation && partnerOf(conversation, me);
  const title = conversation?.title ?? "Conversation";
  useTitle(title);

  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) composerRef.current?.focus();
  }, []);

  if (state.error instanceof ApiError && state.error.isNotFound) {
    return <NotFound what="conversation" />;
  }
  const face = {
    username: partner?.username ?? id,
    display_name: title,
    avatar_url: conversation?.avatar_url ?? null,
  };
  return (
    <section className={styles.pane} aria-label={`Conversation with ${title}`}>
      <header className={styles.header}>
        <Link to={paths.messages} className={styles.back} aria-label="All messages">
          <ArrowLeft size={22} />
        </Link>
        {conversation && (
          <>
            <Avatar person={face} size={38} />
            <div className={styles.names}>
              <h2 className={styles.title}>
                {partner ? <Link to={paths.profile(partner.username)}>{title}</Link> : title}
              </h2>
              <p className={styles.sub}>{typing.length > 0 ? "typing…" : partner?.username}</p>
            </div>
          </>
        )}
      </header>
      {isReconnecting && (
        <p className={styles.notice} role="status">
          Reconnecting… what you write is kept and sent.
        </p>
      )}
      {state.status === "loading" && <MessageLogSkeleton />}
      {state.status === "failed" && (
        <div className={styles.failed}>
          <ErrorState error={state.error} retry={() => void thread.load()} />
        </div>
      )}
      {state.status === "ready" && (
        <MessageLog
          conversation={conversation}
          thread={thread}
          state={state}
          id={id}
          me={me}
          typing={typing}
          onReply={(message) => {
            setReplyTo(message);
            composerRef.current?.focus();
          }}
        />
      )}
      <MessageComposer
        id={id}
        ref={composerRef}
        replyTo={replyTo}
        onDone={() => setReplyTo(null)}
      />
    </section>
  );
}
