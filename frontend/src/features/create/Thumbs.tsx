// The pictures of the draft in their order: choose one, move it by drag or by keys, see how far it is.
import { ChevronLeft, ChevronRight, CircleAlert, Plus, RotateCw, Trash2 } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { announce } from "@/lib/announce";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import type { Draft, DraftItem, FileRules } from "./draft";
import { PickButton } from "./PickStep";
import styles from "./Thumbs.module.css";

const RING = 2 * Math.PI * 10;

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

function stateText(item: DraftItem): string {
  switch (item.state) {
    case "waiting":
      return "waiting";
    case "sending":
      return `uploading, ${Math.round(item.sent * 100)} %`;
    case "preparing":
      return "being prepared";
    case "failed":
      return `failed: ${item.problem}`;
    case "ready":
      return item.alt ? "ready, described" : "ready, without a description";
  }
}

interface ThumbsProps {
  readonly draft: Draft;
  readonly items: readonly DraftItem[];
  readonly chosen: DraftItem;
  readonly rules: FileRules;
  readonly onChoose: (key: string) => void;
  readonly onPick: (files: File[]) => void;
}

export function Thumbs({ draft, items, chosen, rules, onChoose, onPick }: ThumbsProps) {
  const [dragged, setDragged] = useState<number | null>(null);
  const at = items.findIndex((item) => item.key === chosen.key);

  const move = (from: number, to: number) => {
    if (to < 0 || to >= items.length || from === to) return;
    draft.move(from, to);
    announce(`Picture moved to place ${to + 1} of ${items.length}.`);
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || !(event.altKey || event.shiftKey)) return;
    event.preventDefault();
    move(index, index + step);
  };

  return (
    <div className={styles.tray}>
      <ol className={styles.strip} aria-label="Pictures in this post">
        {items.map((item, index) => (
          <li
            key={item.key}
            draggable
            onDragStart={(event) => {
              setDragged(index);
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", item.key);
            }}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              if (dragged !== index) {
                move(dragged, index);
                setDragged(index);
              }
            }}
          >
            <button
              type="button"
              className={classes(styles.thumb, item.key === chosen.key && styles.chosen)}
              aria-pressed={item.key === chosen.key}
              aria-label={`Picture ${index + 1} of ${items.length}, ${stateText(item)}`}
              onClick={() => onChoose(item.key)}
              onKeyDown={(event) => onKey(event, index)}
            >
              <img src={item.preview} alt="" draggable={false} />
              {(item.state === "waiting" || item.state === "sending") && (
                <ProgressRing share={item.sent} />
              )}
              {item.state === "preparing" && <ProgressRing share={0.95} />}
              {item.state === "failed" && <CircleAlert className={styles.alert} size={24} />}
              {item.alt && <span className={styles.described}>ALT</span>}
            </button>
          </li>
        ))}
        {items.length < rules.maxCount && (
          <li>
            <PickButton rules={rules} label="Add pictures" className={styles.add} onPick={onPick}>
              <Plus size={24} aria-hidden="true" />
            </PickButton>
          </li>
        )}
      </ol>
      <div className={styles.tools}>
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
        {chosen.state === "failed" && (
          <IconButton label="Upload again" onClick={() => draft.retry(chosen.key)}>
            <RotateCw size={20} />
          </IconButton>
        )}
        <IconButton
          label={chosen.state === "sending" ? "Cancel this upload" : "Remove this picture"}
          onClick={() => draft.remove(chosen.key)}
        >
          <Trash2 size={20} />
        </IconButton>
      </div>
    </div>
  );
}
