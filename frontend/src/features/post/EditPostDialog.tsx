// Change what a post says: its caption and the description of each picture.
import { useState } from "react";
import { sentence } from "@/api/problem";
import { useLimits } from "@/api/queries/instance";
import { editPost } from "@/api/queries/posts";
import { changePost } from "@/api/queryClient";
import type { Media, Post } from "@/api/types";
import { toast } from "@/lib/announce";
import { length } from "@/lib/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Picture } from "@/ui/Picture";
import styles from "./EditPostDialog.module.css";

function labelOf({ kind }: Media, at: number, total: number): string {
  const noun = kind === "video" ? "video" : "picture";
  if (total > 1) return `Description of ${noun} ${at + 1}`;
  return noun === "video" ? "Video description" : "Picture description";
}

export default function EditPostDialog({ post, onClose }: { post: Post; onClose: () => void }) {
  const limits = useLimits();
  const [caption, setCaption] = useState(post.caption);
  const [alts, setAlts] = useState(() => post.media.map((media) => media.alt_text));
  const [isBusy, setBusy] = useState(false);
  const tooLong = length(caption) > limits.caption;

  const save = async () => {
    setBusy(true);
    try {
      const media = post.media.map(({ id }, at) => ({ id, alt_text: alts[at] ?? "" }));
      const saved = await editPost(post.id, { caption, media });
      changePost(post.id, () => saved);
      onClose();
      toast("Saved.");
    } catch (error) {
      setBusy(false);
      toast(`Not saved. ${sentence(error)}`, { tone: "error" });
    }
  };

  return (
    <Dialog
      title="Edit post"
      kind="sheet"
      size="medium"
      onClose={onClose}
      action={
        <Button variant="text" busy={isBusy} disabled={tooLong} onClick={() => void save()}>
          Save
        </Button>
      }
    >
      <div className={styles.form}>
        <TextArea
          label="Caption"
          value={caption}
          limit={limits.caption}
          onChange={(event) => setCaption(event.target.value)}
        />
        <ul className={styles.pictures}>
          {post.media.map((media, at) => (
            <li key={media.id} className={styles.picture}>
              <Picture media={media} sizes="96px" alt="" className={styles.thumb} />
              <TextArea
                label={labelOf(media, at, post.media.length)}
                rows={2}
                value={alts[at] ?? ""}
                maxLength={limits.alt_text}
                onChange={(event) => setAlts(alts.with(at, event.target.value))}
              />
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
