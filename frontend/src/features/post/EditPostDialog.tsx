// Change a post: its words, who sees it, and its pictures' order and descriptions.
import { ChevronDown, ChevronUp } from "lucide-react";
import { useRef, useState } from "react";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { useLimits } from "@/api/queries/instance";
import { editPost } from "@/api/queries/posts";
import { changePost, queryClient } from "@/api/queryClient";
import type { Media, Post } from "@/api/types";
import { MentionField } from "@/features/mentions/MentionArea";
import { announce, toast } from "@/lib/announce";
import { length } from "@/lib/text";
import { Button, IconButton } from "@/ui/Button";
import { ConfirmDialog, Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Picture } from "@/ui/Picture";
import { changesOf, type Edited, editedOf } from "./changes";
import styles from "./EditPostDialog.module.css";
import { bringOut } from "./own";
import { PostOptions } from "./PostOptions";
import type { TagPicture } from "./TagPeopleDialog";

const nounOf = ({ kind }: Media) => (kind === "video" ? "video" : "picture");

function labelOf(media: Media, at: number, total: number): string {
  const noun = nounOf(media);
  if (total > 1) return `Description of ${noun} ${at + 1}`;
  return noun === "video" ? "Video description" : "Picture description";
}

interface PicturesProps {
  readonly value: Edited;
  readonly onChange: (change: Partial<Edited>) => void;
}

function Pictures({ value: { media }, onChange }: PicturesProps) {
  const limits = useLimits();
  const ref = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number) => {
    const item = media[from];
    if (!item || to < 0 || to >= media.length) return;
    onChange({ media: media.toSpliced(from, 1).toSpliced(to, 0, item) });
    announce(`Moved to place ${to + 1} of ${media.length}.`);
    const name = to < from ? "earlier" : "later";
    // At the end of the row this button is off: the other one takes the focus.
    requestAnimationFrame(() => {
      const row = ref.current?.children[to];
      const same = row?.querySelector<HTMLElement>(`[data-move=${name}]:enabled`);
      (same ?? row?.querySelector<HTMLElement>("[data-move]:enabled"))?.focus();
    });
  };
  return (
    <ol ref={ref} className={styles.pictures} aria-label="Pictures">
      {media.map((item, at) => (
        <li key={item.id} className={styles.picture}>
          <div className={styles.side}>
            <Picture media={item} sizes="96px" alt="" className={styles.thumb} />
            {media.length > 1 && (
              <div className={styles.moves}>
                <IconButton
                  label={`Move ${nounOf(item)} ${at + 1} earlier`}
                  data-move="earlier"
                  disabled={at === 0}
                  onClick={() => move(at, at - 1)}
                >
                  <ChevronUp size={20} />
                </IconButton>
                <IconButton
                  label={`Move ${nounOf(item)} ${at + 1} later`}
                  data-move="later"
                  disabled={at === media.length - 1}
                  onClick={() => move(at, at + 1)}
                >
                  <ChevronDown size={20} />
                </IconButton>
              </div>
            )}
          </div>
          <TextArea
            label={labelOf(item, at, media.length)}
            rows={2}
            value={item.alt_text}
            maxLength={limits.alt_text}
            onChange={(event) =>
              onChange({ media: media.with(at, { ...item, alt_text: event.target.value }) })
            }
          />
        </li>
      ))}
    </ol>
  );
}

function tagPicturesOf(media: readonly Media[]): TagPicture[] {
  return media.map((item) => ({
    key: item.id,
    noun: nounOf(item),
    ratio: item.width && item.height ? item.width / item.height : 1,
    shown: <Picture media={item} sizes="(min-width: 768px) 528px, 100vw" />,
  }));
}

function useSaving(post: Post, value: Edited) {
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<boolean> => {
    const changes = changesOf(post, value);
    if (Object.keys(changes).length === 0) return true;
    setBusy(true);
    try {
      const saved = await editPost(post.id, changes);
      changePost(post.id, () => saved);
      void queryClient.invalidateQueries({ queryKey: keys.history(post.id) });
      return true;
    } catch (error) {
      toast(`Not saved. ${sentence(error)}`, { tone: "error" });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, save };
}

export default function EditPostDialog({ post, onClose }: { post: Post; onClose: () => void }) {
  const limits = useLimits();
  const [value, setValue] = useState(() => editedOf(post));
  const [asks, setAsks] = useState(false);
  const { isBusy, save } = useSaving(post, value);
  const isTooLong = length(value.caption) > limits.caption;
  const isChanged = Object.keys(changesOf(post, value)).length > 0;
  const isDraft = post.state === "draft";
  const change = (more: Partial<Edited>) => setValue({ ...value, ...more });

  const finish = async () => {
    if (!(await save())) return;
    onClose();
    toast("Saved.");
  };
  const share = async () => {
    if ((await save()) && (await bringOut(post))) onClose();
  };
  return (
    <Dialog
      title={isDraft ? "Edit draft" : "Edit post"}
      kind="sheet"
      size="medium"
      onClose={() => (isChanged ? setAsks(true) : onClose())}
      action={
        <Button variant="text" busy={isBusy} disabled={isTooLong} onClick={() => void finish()}>
          Save
        </Button>
      }
    >
      <div className={styles.form}>
        <MentionField
          label="Caption"
          value={value.caption}
          limit={limits.caption}
          error={isTooLong ? "This caption is too long." : undefined}
          onText={(caption) => change({ caption })}
        />
        <Pictures value={value} onChange={change} />
        <PostOptions pictures={tagPicturesOf(value.media)} value={value} onChange={change} />
        {post.state === "published" && (
          <p className={styles.note}>Everybody who sees the post can read its earlier captions.</p>
        )}
        {isDraft && (
          <Button
            variant="primary"
            wide
            busy={isBusy}
            disabled={isTooLong}
            onClick={() => void share()}
          >
            Share now
          </Button>
        )}
      </div>
      {asks && (
        <ConfirmDialog
          title="Discard your changes?"
          text="The post stays as it was."
          confirm="Discard"
          onConfirm={onClose}
          onClose={() => setAsks(false)}
        />
      )}
    </Dialog>
  );
}
