// What the draft has to say: files not taken, how far the uploads are, a draft that came back, descriptions missing.
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { announce } from "@/lib/announce";
import { useStore } from "@/lib/store";
import { inWords } from "@/lib/time";
import { Button, IconButton } from "@/ui/Button";
import { Note } from "@/ui/Notice";
import type { Draft } from "./draft/draft";
import { type DraftItem, hasFailed, nounOf, nounsOf, progressOf } from "./draft/items";
import styles from "./Told.module.css";

export function Refused({ draft }: { draft: Draft }) {
  const refusals = useStore(draft.refusals);
  if (refusals.length === 0) return null;
  return (
    <div className={styles.refused} role="alert">
      <div>
        <p className={styles.lead}>
          {refusals.length === 1
            ? "One file is not taken."
            : `${refusals.length} files are not taken.`}
        </p>
        <ul>
          {refusals.map(({ name, reason }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
            <li key={at}>
              <strong>{name}</strong>: {reason}
            </li>
          ))}
        </ul>
      </div>
      <IconButton label="Dismiss" onClick={() => draft.dismissRefusals()}>
        <X size={18} />
      </IconButton>
    </div>
  );
}

/** One line for the whole post; gone when all has arrived. */
export function UploadLine({ items }: { items: readonly DraftItem[] }) {
  const { share, done, total, held } = progressOf(items);
  const isDone = done === total;
  const wasDone = useRef(isDone);
  useEffect(() => {
    if (isDone && !wasDone.current && total > 0) announce("Everything has arrived.");
    wasDone.current = isDone;
  }, [isDone, total]);
  if (isDone || items.some(hasFailed)) return null;
  const isPreparing = share >= 1;
  return (
    <div className={styles.upload}>
      <progress className={styles.bar} aria-label="Upload" value={share} max={1} />
      <p className={styles.share}>
        {held ??
          (isPreparing
            ? "Being prepared…"
            : `Uploading ${total > 1 ? `${done + 1} of ${total}, ` : ""}${Math.round(share * 100)} %`)}
      </p>
    </div>
  );
}

export function Restored({ draft }: { draft: Draft }) {
  const at = useStore(draft.restoredFrom);
  if (!at) return null;
  return (
    <Note>
      <div className={styles.restored}>
        <p>This is your draft of {inWords(at)}. It was kept on this device.</p>
        <Button size="small" onClick={() => draft.clear()}>
          Start over
        </Button>
      </div>
    </Note>
  );
}

interface NudgeProps {
  readonly missing: readonly DraftItem[];
  readonly items: readonly DraftItem[];
  readonly onDescribe: () => void;
  readonly onShare: () => void;
}

export function AltNudge({ missing, items, onDescribe, onShare }: NudgeProps) {
  const [first] = items;
  const what =
    items.length === 1 && first
      ? `Your ${nounOf(first)} has`
      : `${missing.length} of ${items.length} ${nounsOf(items)} have`;
  return (
    <div className={styles.nudge} role="alert">
      <p>
        <strong>{what} no description.</strong> One sentence lets people who cannot see it share in
        it.
      </p>
      <div className={styles.nudgeActions}>
        <Button size="small" variant="primary" onClick={onDescribe}>
          Describe
        </Button>
        <Button size="small" onClick={onShare}>
          Share without
        </Button>
      </div>
    </div>
  );
}
