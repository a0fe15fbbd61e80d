// A list whose entries move by two buttons; the focus goes with the entry, and its new place is told.
import { ChevronDown, ChevronUp } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { announce } from "@/lib/announce";
import { IconButton } from "@/ui/Button";
import styles from "./saved.module.css";

interface ArrangeProps<T> {
  readonly entries: readonly T[];
  readonly label: string;
  readonly nameOf: (entry: T) => string;
  readonly onOrder: (entries: T[]) => void;
  readonly row: (entry: T) => ReactNode;
  readonly after?: (entry: T) => ReactNode;
}

export function Arrange<T extends { id: string }>({
  entries,
  label,
  nameOf,
  onOrder,
  row,
  after,
}: ArrangeProps<T>) {
  const ref = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number) => {
    const entry = entries[from];
    if (!entry) return;
    onOrder(entries.toSpliced(from, 1).toSpliced(to, 0, entry));
    announce(`Moved to place ${to + 1} of ${entries.length}.`);
    const wanted = to < from ? "up" : "down";
    // At an end of the list this button is off: the other one takes the focus.
    requestAnimationFrame(() => {
      const place = ref.current?.children[to];
      const same = place?.querySelector<HTMLElement>(`[data-move=${wanted}]:enabled`);
      (same ?? place?.querySelector<HTMLElement>("[data-move]:enabled"))?.focus();
    });
  };
  return (
    <ol ref={ref} className={styles.arrange} aria-label={label}>
      {entries.map((entry, at) => (
        <li key={entry.id} className={styles.row}>
          {row(entry)}
          <IconButton
            label={`Move ${nameOf(entry)} up`}
            data-move="up"
            disabled={at === 0}
            onClick={() => move(at, at - 1)}
          >
            <ChevronUp size={20} />
          </IconButton>
          <IconButton
            label={`Move ${nameOf(entry)} down`}
            data-move="down"
            disabled={at === entries.length - 1}
            onClick={() => move(at, at + 1)}
          >
            <ChevronDown size={20} />
          </IconButton>
          {after?.(entry)}
        </li>
      ))}
    </ol>
  );
}
