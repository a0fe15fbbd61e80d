// The files of the draft in their order: choose one, move it by drag or by keys, see how far it is.
import { ChevronLeft, ChevronRight, CircleAlert, Play, Plus, Trash2 } from "lucide-react";
import { type KeyboardEvent, useId } from "react";
import { announce } from "@/lib/announce";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import type { Draft } from "./draft/draft";
import { type DraftItem, hasFailed, isReady, nounOf, nounsOf, shownAt } from "./draft/items";
import { acceptOf, type UploadRules } from "./draft/rules";
import { PickButton } from "./PickStep";
import styles from "./Tray.module.css";
import { useReorder } from "./useReorder";

const RING = 2 * Math.PI * 10;
const NEARLY = 0.95;

function ProgressRing({ share }: { share: number }) {
  return (
    <svg viewBox="0 0 24 24" className={styles.ring} aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      <circle
        cx="12"
        cy="12"
        r="10"
        className={styles.ringDone}
        strokeDasharray={RING}
        strokeDashoffset={RING * (1 - share)}
      />
    </svg>
  );
}

const WORK_WORDS = { reading: "being read", editing: "being edited" } as const;

function stateText({ work, upload, alt }: DraftItem): string {
  if (work) return WORK_WORDS[work];
  switch (upload.state) {
    case "waiting":
      return "waiting";
    case "sending":
      return `uploading, ${Math.round(upload.sent * 100)} %`;
    case "paused":
      return `waiting: ${upload.problem}`;
    case "preparing":
      return "being prepared";
    case "failed":
      return `failed: ${upload.problem}`;
    case "ready":
      return alt ? "ready, described" : "ready, without a description";
  }
}

function Badges({ item }: { item: DraftItem }) {
  if (hasFailed(item)) return <CircleAlert className={styles.alert} size={24} />;
  if (!isReady(item)) {
    const isLate = !item.work && item.upload.state === "preparing";
    return <ProgressRing share={isLate ? NEARLY : item.upload.sent} />;
  }
  return item.kind === "video" ? <Play size={18} className={styles.video} /> : null;
}

interface TrayProps {
  readonly draft: Draft;
  readonly items: readonly DraftItem[];
  readonly chosen: DraftItem;
  readonly rules: UploadRules;
  readonly onChoose: (key: string) => void;
}

export function Tray({ draft, items, chosen, rules, onChoose }: TrayProps) {
  const hintId = useId();
  const at = items.indexOf(chosen);
  const tell = (place: number) => announce(`Moved to place ${place + 1} of ${items.length}.`);
  const { ref, lifted, handlersOf } = useReorder(
    items.length,
    (from, to) => draft.move(from, to),
    tell,
  );

  /** A button that moves, or goes with its picture, loses the focus. */
  const focusAt = (index: number) =>
    requestAnimationFrame(() => {
      const buttons = ref.current?.querySelectorAll<HTMLElement>("button") ?? [];
      buttons[Math.min(Math.max(index, 0), buttons.length - 1)]?.focus();
    });

  const move = (from: number, to: number) => {
    if (to < 0 || to >= items.length) return;
    draft.move(from, to);
    tell(to);
  };
  const remove = (item: DraftItem) => {
    const index = items.indexOf(item);
    const next = items[index + 1] ?? items[index - 1];
    draft.remove(item.key);
    if (next && item === chosen) onChoose(next.key);
    announce(`The ${nounOf(item)} is taken out.`);
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    const item = items[index];
    if (event.key === "Delete" && item) {
      remove(item);
      focusAt(index);
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || !(event.altKey || event.shiftKey)) return;
    event.preventDefault();
    move(index, index + step);
    focusAt(index + step);
  };
  return (
    <div className={styles.tray}>
      <p id={hintId} hidden>
        Shift and an arrow key move it, Delete takes it out.
      </p>
      <ol ref={ref} className={styles.strip} aria-label={`The ${nounsOf(items)} of this post`}>
        {items.map((item, index) => (
          <li key={item.key} className={classes(index === lifted && styles.lifted)}>
            <button
              type="button"
              className={classes(styles.thumb, item.key === chosen.key && styles.chosen)}
              aria-pressed={item.key === chosen.key}
              aria-describedby={hintId}
              aria-label={`${item.kind === "video" ? "Video" : "Picture"} ${index + 1} of ${
                items.length
              }, ${stateText(item)}`}
              onClick={() => onChoose(item.key)}
              onKeyDown={(event) => onKey(event, index)}
              {...handlersOf(index)}
            >
              <Thumb item={item} />
              <Badges item={item} />
              {item.alt && <span className={styles.described}>ALT</span>}
            </button>
          </li>
        ))}
        {items.length < rules.maxCount && (
          <li>
            <PickButton accept={acceptOf(rules)} label="Add more" className={styles.add}>
              <Plus size={24} aria-hidden="true" />
            </PickButton>
          </li>
        )}
      </ol>
      <div className={styles.tools}>
        {items.length > 1 && (
          <>
            <IconButton label="Move earlier" disabled={at === 0} onClick={() => move(at, at - 1)}>
              <ChevronLeft size={20} />
            </IconButton>
            <IconButton
              label="Move later"
              disabled={at === items.length - 1}
              onClick={() => move(at, at + 1)}
            >
              <ChevronRight size={20} />
            </IconButton>
          </>
        )}
        <IconButton
          label={
            chosen.upload.state === "sending"
              ? "Cancel this upload"
              : `Remove this ${nounOf(chosen)}`
          }
          onClick={() => remove(chosen)}
        >
          <Trash2 size={20} />
        </IconButton>
      </div>
    </div>
  );
}

function Thumb({ item }: { item: DraftItem }) {
  const address = shownAt(item);
  if (!address) return <span className={styles.blank} />;
  return <img src={address} alt="" draggable={false} />;
}
