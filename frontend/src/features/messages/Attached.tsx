// What a message carries besides its words.
import type { Message } from "@/api/types";
import { RichText } from "@/ui/RichText";
import { Shot } from "@/ui/Video";
import styles from "./Attached.module.css";

/** The pictures and videos of a message, each in its own shape, and its words below them. */
export function Attached({ message }: { message: Message }) {
  return (
    <span className={styles.attached}>
      {message.media.map((item) => (
        <span
          key={item.id}
          className={styles.shot}
          style={{ aspectRatio: item.width && item.height ? item.width / item.height : 1 }}
        >
          <Shot media={item} sizes="280px" className={styles.fill} />
        </span>
      ))}
      {message.body && <RichText text={message.body} />}
    </span>
  );
}
