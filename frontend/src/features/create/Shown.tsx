// The chosen picture or video, as it will be shared, and what is wrong with it.
import { Crop } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { type DraftItem, hasFailed, isEditable, nounOf, shownAt } from "./draft/items";
import styles from "./Shown.module.css";

function useAddress(file: File): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}

function VideoPreview({ item }: { item: DraftItem }) {
  const address = useAddress(item.file);
  return (
    <video
      className={styles.picture}
      src={address ?? undefined}
      poster={shownAt(item) ?? undefined}
      aria-label={item.alt || "Your video"}
      controls
      muted
      loop
      playsInline
      preload="metadata"
    />
  );
}

/** What stands in its place while there is nothing to see. */
function placeText(item: DraftItem): string {
  if (item.work === "reading") return "Opening…";
  if (hasFailed(item)) return "";
  return `This browser cannot show ${item.file.name}. It is shared as it is, and shown here as soon as the server has prepared it.`;
}

function Content({ item }: { item: DraftItem }) {
  if (item.kind === "video" && item.durationMs !== null) return <VideoPreview item={item} />;
  const address = shownAt(item);
  if (!address) return <p className={styles.place}>{placeText(item)}</p>;
  return <img src={address} alt={item.alt} className={styles.picture} draggable={false} />;
}

function lineOf(item: DraftItem): string | null {
  if (item.work === "editing") return "Saving the changes…";
  if (item.work) return null;
  if (item.upload.state === "preparing" && item.kind === "video") {
    return "The server prepares the video. This can take a minute.";
  }
  return null;
}

interface ShownProps {
  readonly item: DraftItem;
  readonly onEdit: () => void;
  readonly onRetry: () => void;
}

export function Shown({ item, onEdit, onRetry }: ShownProps) {
  const line = lineOf(item);
  return (
    <div className={styles.stage}>
      <Content key={item.key} item={item} />
      {isEditable(item) && (
        <Button size="small" className={styles.edit} onClick={onEdit}>
          <Crop size={18} aria-hidden="true" />
          Crop and filters
        </Button>
      )}
      {line && (
        <p className={classes(styles.line, item.kind === "video" && styles.above)} role="status">
          {line}
        </p>
      )}
      {hasFailed(item) && (
        <div className={styles.problem} role="alert">
          <p>
            This {nounOf(item)} did not arrive. {item.upload.problem}
          </p>
          <Button size="small" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
