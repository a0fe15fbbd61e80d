// The messages of a conversation: the newest at the foot, older ones above as one scrolls up.
import { ArrowDown, Flag, MoreHorizontal, Reply } from "lucide-react";
import {
  lazy,
  memo,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Conversation, Message, UserSummary } from "@/api/types";
import { announce } from "@/lib/announce";
import { clockTime, exactTime } from "@/lib/time";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Menu } from "@/ui/Menu";
import { RichText } from "@/ui/RichText";
import { Skeleton } from "@/ui/States";
import { Attached } from "./Attached";
import { useOutbox } from "./hooks";
import styles from "./MessageLog.module.css";
import { messaging } from "./messaging";
import { type Row, rowsOf, seenSeq } from "./rows";
import type { OutboxItem } from "./store/outbox";
import type { Thread, ThreadState } from "./store/thread";

const ReportDialog = lazy(() => import("@/features/safety/ReportDialog"));

const NEAR_PX = 80;
const OLDER_PX = 600;

function bodyOf(message: Message): ReactNode {
  if (message.unsent_at) return <em>Message unsent</em>;
  if (message.kind === "hidden") return <em>Message not available</em>;
  if (message.media.length > 0) return <Attached message={message} />;
  if (message.body) return <RichText text={message.body} />;
  return <em>Not shown in this version</em>;
}

function Quote({ message, me }: { message: Message; me: string | undefined }) {
  const who = message.sender?.id === me ? "You" : (message.sender?.username ?? "");
  return (
    <span className={styles.quote}>
      {who && <strong>{who}</strong>} {message.unsent_at ? "Message unsent" : message.body}
    </span>
  );
}

/** Only for what others wrote. */
function MessageMenu({ message, sender }: { message: Message; sender: UserSummary }) {
  const [reports, setReports] = useState(false);
  const items = [
    { label: "Report…", icon: <Flag size={20} />, danger: true, run: () => setReports(true) },
  ];
  return (
    <span className={styles.menu}>
      <Menu
        label={`More for the message by ${sender.username}`}
        icon={<MoreHorizontal size={16} />}
        items={items}
      />
      {reports && (
        <Suspense fallback={null}>
          <ReportDialog
            kind="message"
            id={message.id}
            person={sender}
            onClose={() => setReports(false)}
          />
        </Suspense>
      )}
    </span>
  );
}

interface BubbleProps {
  readonly row: Extract<Row, { kind: "message" }>;
  readonly quoted: Message | undefined;
  readonly me: string | undefined;
  readonly status: string | null;
  readonly onReply: (message: Message) => void;
}

const Bubble = memo(function Bubble({ row, quoted, me, status, onReply }: BubbleProps) {
  const { message, isMine, startsGroup, endsGroup } = row;
  const quiet = message.kind === "hidden" || message.unsent_at !== null;
  const who: UserSummary | null = message.sender;
  if (message.kind === "event") return <p className={styles.event}>{message.body}</p>;
  return (
    <div
      className={classes(
        styles.row,
        isMine && styles.mine,
        startsGroup && styles.starts,
        endsGroup && styles.ends,
      )}
    >
      {!isMine && (
        <span className={styles.face}>{endsGroup && who && <Avatar person={who} size={28} />}</span>
      )}
      <div className={styles.column}>
        <div className={styles.line}>
          <div
            className={classes(styles.bubble, quiet && styles.quiet)}
            title={exactTime(message.created_at)}
            data-seq={message.seq}
          >
            <span className="visually-hidden">
              {isMine ? "You" : (who?.username ?? "Somebody")}, {clockTime(message.created_at)}:{" "}
            </span>
            {quoted && <Quote message={quoted} me={me} />}
            {bodyOf(message)}
            {message.edited_at && <span className={styles.edited}> (edited)</span>}
          </div>
          {!quiet && (
            <IconButton label="Reply" className={styles.reply} onClick={() => onReply(message)}>
              <Reply size={16} />
            </IconButton>
          )}
          {!quiet && !isMine && who && <MessageMenu message={message} sender={who} />}
        </div>
        {status && <span className={styles.status}>{status}</span>}
      </div>
    </div>
  );
});

function PendingBubble({ item }: { item: OutboxItem }) {
  const { outbox } = messaging;
  return (
    <div className={classes(styles.row, styles.mine, styles.starts, styles.ends)}>
      <div className={styles.column}>
        <div className={styles.line}>
          <div className={classes(styles.bubble, item.state !== "sent" && styles.pending)}>
            <RichText text={item.body} />
          </div>
        </div>
        {item.state === "sending" && <span className={styles.status}>Sending…</span>}
        {item.state === "sent" && <span className={styles.status}>Sent</span>}
        {item.state === "waiting" && (
          <span className={styles.status}>
            Waiting for the network
            <Button variant="text" size="small" onClick={() => outbox.retry(item.client_id)}>
              Try now
            </Button>
          </span>
        )}
        {item.state === "failed" && (
          <span className={classes(styles.status, styles.failed)} role="alert">
            Not sent. {item.problem}
            <Button variant="text" size="small" onClick={() => outbox.retry(item.client_id)}>
              Try again
            </Button>
            <Button variant="text" size="small" onClick={() => outbox.discard(item.client_id)}>
              Discard
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}

interface Marks {
  readonly me: string | undefined;
  /** How far the others have read. */
  readonly seen: number;
  /** The last message of one's own: it says whether it was seen. */
  readonly lastMine: number | undefined;
}

interface LogRowProps {
  readonly row: Row;
  readonly messages: readonly Message[];
  readonly marks: Marks;
  readonly onReply: (message: Message) => void;
}

function LogRow({ row, messages, marks, onReply }: LogRowProps) {
  if (row.kind === "heading") return <h3 className={styles.heading}>{row.text}</h3>;
  if (row.kind === "pending") return <PendingBubble item={row.item} />;
  if (row.kind === "new") {
    return (
      <p className={styles.new}>
        <span>New</span>
      </p>
    );
  }
  const { reply_to_seq: replied, seq } = row.message;
  const word = seq <= marks.seen ? "Seen" : "Sent";
  return (
    <Bubble
      row={row}
      me={marks.me}
      quoted={replied === null ? undefined : messages.find((message) => message.seq === replied)}
      status={seq === marks.lastMine ? word : null}
      onReply={onReply}
    />
  );
}

/** Keeps the foot in view while one is there, and the place while older messages are put above. */
function useAnchoredScroll(state: ThreadState) {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const before = useRef({ first: 0, height: 0 });
  const [isAway, setAway] = useState(false);
  const first = state.messages[0]?.seq ?? 0;

  const toEnd = useCallback(() => ref.current?.scrollTo({ top: ref.current.scrollHeight }), []);

  // After every change of what is shown: a message, the word under it, somebody typing.
  useLayoutEffect(() => {
    const log = ref.current;
    if (!log) return;
    const grownAbove = before.current.first > first && before.current.first > 0;
    if (isAtEnd.current) toEnd();
    else if (grownAbove) log.scrollTop += log.scrollHeight - before.current.height;
    before.current = { first, height: log.scrollHeight };
  });

  useEffect(() => {
    const log = ref.current;
    if (!log) return undefined;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, [toEnd]);

  const onScroll = () => {
    const log = ref.current;
    if (!log) return;
    isAtEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    before.current.height = log.scrollHeight;
    setAway(!isAtEnd.current);
  };
  return { ref, isAtEnd, isAway, onScroll, toEnd };
}

/** Tells the server what has been seen: the page is in view, and its foot is. */
function useReadMark(id: string, seq: number, isAtEnd: { current: boolean }, isAway: boolean) {
  useEffect(() => {
    const mark = () => {
      if (seq > 0 && isAtEnd.current && !document.hidden && document.hasFocus()) {
        messaging.markRead(id, seq);
      }
    };
    if (!isAway) mark();
    addEventListener("focus", mark);
    document.addEventListener("visibilitychange", mark);
    return () => {
      removeEventListener("focus", mark);
      document.removeEventListener("visibilitychange", mark);
    };
  }, [id, seq, isAtEnd, isAway]);
}

/** New messages of others are read out, older ones that are loaded are not. */
function useAnnounced(messages: readonly Message[], me: string | undefined) {
  const last = useRef<number | null>(null);
  useEffect(() => {
    const newest = messages.at(-1);
    if (!newest) return;
    const isNew = last.current !== null && newest.seq > last.current;
    last.current = newest.seq;
    if (isNew && newest.sender && newest.sender.id !== me) {
      announce(`${newest.sender.username}: ${newest.body}`);
    }
  }, [messages, me]);
}

interface MessageLogProps {
  readonly conversation: Conversation | undefined;
  readonly thread: Thread;
  readonly state: ThreadState;
  readonly id: string;
  readonly me: string | undefined;
  readonly typing: readonly string[];
  readonly onReply: (message: Message) => void;
}

export function MessageLog({
  conversation,
  thread,
  state,
  id,
  me,
  typing,
  onReply,
}: MessageLogProps) {
  const outbox = useOutbox(id);
  const { messages } = state;
  const [readSeq] = useState(() => conversation?.my.read_seq ?? Number.POSITIVE_INFINITY);
  const rows = rowsOf({ messages, outbox, me, readSeq });
  const { ref, isAtEnd, isAway, onScroll, toEnd } = useAnchoredScroll(state);
  useReadMark(id, messages.at(-1)?.seq ?? 0, isAtEnd, isAway);
  useAnnounced(messages, me);

  // One's own new message always comes into view.
  const sent = outbox.at(-1)?.client_id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new message of one's own
  useLayoutEffect(() => {
    if (sent) toEnd();
  }, [sent]);

  const marks: Marks = {
    me,
    seen: seenSeq(conversation, me),
    lastMine: messages.findLast((message) => message.sender?.id === me)?.seq,
  };
  const unseen = messages.filter((m) => m.seq > (conversation?.my.read_seq ?? 0)).length;

  return (
    <div className={styles.frame}>
      <div
        ref={ref}
        className={styles.log}
        role="log"
        aria-live="off"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        onScroll={(event) => {
          onScroll();
          if (event.currentTarget.scrollTop < OLDER_PX) void thread.loadOlder();
        }}
      >
        <div className={styles.space} />
        {state.hasOlder && (
          <div className={styles.older} aria-busy={state.isLoadingOlder}>
            <Button
              size="small"
              busy={state.isLoadingOlder}
              onClick={() => void thread.loadOlder()}
            >
              Earlier messages
            </Button>
          </div>
        )}
        {rows.map((row) => (
          <LogRow key={row.key} row={row} messages={messages} marks={marks} onReply={onReply} />
        ))}
        {typing.length > 0 && (
          <p className={styles.typing}>
            <span className={styles.dots} aria-hidden="true">
              <span />
              <span />
              <span />
            </span>
            <span className="visually-hidden">{typing.join(", ")} typing</span>
          </p>
        )}
      </div>
      {isAway && (
        <button type="button" className={styles.latest} onClick={toEnd}>
          <ArrowDown size={18} aria-hidden="true" />
          {unseen > 0 ? `${unseen} new` : "Latest"}
        </button>
      )}
    </div>
  );
}

export function MessageLogSkeleton() {
  return (
    <div className={styles.skeletons} aria-busy="true">
      <span className="visually-hidden">Loading messages</span>
      {[46, 30, 58, 38, 24, 52].map((width, at) => (
        <div key={width} className={classes(styles.row, at % 3 === 1 && styles.mine)}>
          <span style={{ width: `${width}%` }}>
            <Skeleton className={styles.skeleton} />
          </span>
        </div>
      ))}
    </div>
  );
}
