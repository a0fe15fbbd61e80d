// Sharing pictures: pick, arrange and describe; they upload while one writes.
import { useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { useImageTypes, useLimits } from "@/api/queries/instance";
import { type Pages, prependEntry, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { announce, toast } from "@/lib/announce";
import { useCloseOverlay } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { useStore } from "@/lib/store";
import { length } from "@/lib/text";
import { useTitle } from "@/lib/title";
import { AudienceChoice } from "@/ui/AudienceChoice";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { ConfirmDialog, Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import styles from "./CreateDialog.module.css";
import { currentDraft, type DraftItem, type FileRules } from "./draft";
import { PickStep } from "./PickStep";
import { Thumbs } from "./Thumbs";

function filesOf(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []);
}

/** Pictures pasted anywhere while the dialog is open. */
function usePaste(take: (files: File[]) => void) {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = filesOf(event.clipboardData);
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    addEventListener("paste", onPaste);
    return () => removeEventListener("paste", onPaste);
  });
}

/** The browser asks before it throws a draft away. */
function useUnloadGuard(active: boolean) {
  useEffect(() => {
    if (!active) return undefined;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", guard);
    return () => removeEventListener("beforeunload", guard);
  }, [active]);
}

function showEverywhere(post: Post): void {
  queryClient.setQueryData<Pages<Post>>(keys.feed, (data) => prependEntry(data, post));
  queryClient.setQueryData<Pages<Post>>(keys.userPosts(post.author.id), (data) =>
    prependEntry(data, post),
  );
  void queryClient.invalidateQueries({ queryKey: keys.user(post.author.username) });
  void queryClient.invalidateQueries({ queryKey: keys.me });
}

interface NudgeProps {
  readonly missing: number;
  readonly total: number;
  readonly onDescribe: () => void;
  readonly onShare: () => void;
}

function AltNudge({ missing, total, onDescribe, onShare }: NudgeProps) {
  const what = total === 1 ? "Your picture has" : `${missing} of ${total} pictures have`;
  return (
    <div className={styles.nudge} role="alert">
      <p>
        <strong>{what} no description.</strong> One sentence lets people who cannot see the picture
        share in it.
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

function Stage({ item }: { item: DraftItem }) {
  return (
    <div className={styles.stage}>
      <img key={item.key} src={item.preview} alt={item.alt} className={styles.picture} />
      {item.state === "failed" && (
        <p className={styles.problem} role="alert">
          {item.problem}
        </p>
      )}
    </div>
  );
}

type Sharing = "no" | "nudged" | "waiting" | "posting";

export default function CreateDialog() {
  useTitle("New post");
  const close = useCloseOverlay();
  const navigate = useNavigate();
  const limits = useLimits();
  const types = useImageTypes();
  const [draft] = useState(currentDraft);
  const items = useStore(draft.items);
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const caption = useStore(draft.caption);
  const audience = useStore(draft.audience);
  const [sharing, setSharing] = useState<Sharing>("no");
  const [isDropping, setDropping] = useState(false);
  const [asksDiscard, setAsksDiscard] = useState(false);

  const rules: FileRules = useMemo(
    () => ({ types, maxBytes: limits.picture_bytes, maxCount: limits.media_per_post }),
    [types, limits.picture_bytes, limits.media_per_post],
  );
  const chosen = items.find((item) => item.key === chosenKey) ?? items[0];
  const undescribed = items.filter((item) => !item.alt.trim());
  const isTooLong = length(caption) > limits.caption;
  const hasFailed = items.some((item) => item.state === "failed");
  const isReady = items.length > 0 && items.every((item) => item.state === "ready");
  const isBusy = sharing === "waiting" || sharing === "posting";

  const pick = (files: File[]) => {
    const problems = draft.add(files, rules);
    if (problems[0]) toast(problems.slice(0, 3).join(" "), { tone: "error" });
  };
  usePaste(pick);
  useUnloadGuard(items.length > 0 && sharing !== "posting");

  // "Share" was pressed before the last picture had arrived.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these two decide when to go on
  useEffect(() => {
    if (sharing !== "waiting") return;
    if (hasFailed) setSharing("no");
    else if (isReady) void publish();
  }, [sharing, isReady, hasFailed]);

  const publish = async () => {
    setSharing("posting");
    try {
      const post = await draft.publish();
      showEverywhere(post);
      close();
      draft.release();
      toast("Your post is shared.", {
        action: { label: "View", run: () => navigate(paths.post(post.shortcode)) },
      });
    } catch (error) {
      setSharing("no");
      toast(`Not shared. ${sentence(error)}`, { tone: "error" });
    }
  };
  const share = () => {
    if (undescribed.length > 0 && sharing === "no") {
      setSharing("nudged");
      return;
    }
    setSharing("waiting");
    if (!isReady) announce("Your post will be shared as soon as the pictures have arrived.");
  };
  const requestClose = () => {
    if (items.length > 0 || caption) setAsksDiscard(true);
    else close();
  };
  const describe = () => {
    setSharing("no");
    setChosenKey(undescribed[0]?.key ?? null);
    requestAnimationFrame(() =>
      document.querySelector<HTMLTextAreaElement>("[data-describe]")?.focus(),
    );
  };

  return (
    <Dialog
      title="New post"
      kind="sheet"
      size="large"
      onClose={requestClose}
      action={
        chosen && (
          <Button variant="text" busy={isBusy} disabled={hasFailed || isTooLong} onClick={share}>
            Share
          </Button>
        )
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one of three ways to pick */}
      <div
        className={classes(styles.body, isDropping && styles.dropping)}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes("Files")) return;
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => {
          setDropping(false);
          const files = filesOf(event.dataTransfer);
          if (files.length === 0) return;
          event.preventDefault();
          pick(files);
        }}
      >
        {!chosen && <PickStep rules={rules} onPick={pick} />}
        {chosen && (
          <>
            <div className={styles.left}>
              <Stage item={chosen} />
              <Thumbs
                draft={draft}
                items={items}
                chosen={chosen}
                rules={rules}
                onChoose={setChosenKey}
                onPick={pick}
              />
            </div>
            <div className={styles.form}>
              {sharing === "nudged" && (
                <AltNudge
                  missing={undescribed.length}
                  total={items.length}
                  onDescribe={describe}
                  onShare={share}
                />
              )}
              <TextArea
                label="Caption"
                placeholder="Say something about it…"
                value={caption}
                limit={limits.caption}
                error={isTooLong ? "This caption is too long." : undefined}
                onChange={(event) => draft.caption.set(event.target.value)}
              />
              <TextArea
                key={chosen.key}
                data-describe
                label={
                  items.length > 1
                    ? `Description of picture ${items.indexOf(chosen) + 1}`
                    : "Picture description"
                }
                hint="What is to be seen, in a sentence or two. Read out to people who cannot see it."
                rows={2}
                value={chosen.alt}
                maxLength={limits.alt_text}
                onChange={(event) => draft.setAlt(chosen.key, event.target.value)}
              />
              <AudienceChoice value={audience} onChange={(chosen) => draft.audience.set(chosen)} />
              {isBusy && (
                <p className={styles.status} role="status">
                  {sharing === "posting"
                    ? "Sharing…"
                    : "Your post goes out as soon as the pictures have arrived."}
                </p>
              )}
            </div>
          </>
        )}
      </div>
      {asksDiscard && (
        <ConfirmDialog
          title="Discard this post?"
          text="The pictures and what you wrote will be gone."
          confirm="Discard"
          onClose={() => setAsksDiscard(false)}
          onConfirm={() => {
            draft.discard();
            close();
          }}
        />
      )}
    </Dialog>
  );
}
