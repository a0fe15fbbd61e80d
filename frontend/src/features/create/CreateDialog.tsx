// Sharing pictures and videos: pick, arrange and describe; they upload while one writes.
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useIsAsking } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { announce, toast } from "@/lib/announce";
import { useIsWide } from "@/lib/media";
import { useCloseOverlay } from "@/lib/overlay";
import { useStore } from "@/lib/store";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { ConfirmDialog, Dialog } from "@/ui/Dialog";
import styles from "./CreateDialog.module.css";
import type { Draft } from "./draft/draft";
import { type DraftItem, hasFailed, isReady } from "./draft/items";
import type { UploadRules } from "./draft/rules";
import { useDraft, useUploadRules } from "./draft/useDraft";
import type { Edit } from "./edit/edit";
import { studio } from "./edit/studio";
import { incoming, takeIncoming } from "./incoming";
import { Later } from "./Later";
import { PickStep } from "./PickStep";
import { Shown } from "./Shown";
import { AltNudge, Refused, Restored, UploadLine } from "./Told";
import { Tray } from "./Tray";
import { type Sharing, useSharing } from "./useSharing";
import { AltField, CaptionField, Options, useIsTooLong } from "./Words";

const Editor = lazy(() => import("./edit/Editor"));

/** The browser asks before it throws away what could not be kept. */
function useUnloadGuard(active: boolean) {
  useEffect(() => {
    if (!active) return undefined;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", guard);
    return () => removeEventListener("beforeunload", guard);
  }, [active]);
}

/** Takes in what is chosen, dropped or pasted, also before the dialog was open. */
function useIncoming(draft: Draft, isOpen: boolean) {
  const files = useStore(incoming);
  useEffect(() => {
    if (isOpen && files.length > 0) draft.add(takeIncoming());
  }, [draft, files, isOpen]);
}

function focusDescription(): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLTextAreaElement>("[data-describe]")?.focus(),
  );
}

interface EditStepProps {
  readonly item: DraftItem;
  readonly title: string;
  readonly onDone: (edit: Edit) => void;
  readonly onClose: () => void;
}

function EditStep({ item, title, onDone, onClose }: EditStepProps) {
  const [edit, setEdit] = useState(item.edit);
  if (!item.size) return null;
  return (
    <Dialog
      title={title}
      kind="sheet"
      size="large"
      isStep
      onClose={onClose}
      action={
        <Button variant="text" onClick={() => onDone(edit)}>
          Done
        </Button>
      }
    >
      <Suspense fallback={<div className={styles.place} aria-busy="true" />}>
        <Editor file={item.file} size={item.size} edit={edit} onChange={setEdit} />
      </Suspense>
    </Dialog>
  );
}

function LeaveDialog({ draft, onLeave, onClose }: LeaveProps) {
  const isKept = useStore(draft.isKept);
  return (
    <ConfirmDialog
      title="Leave this post?"
      text={
        isKept
          ? "It can wait on this device, with its pictures, until you come back."
          : "This browser cannot keep it. The pictures and what you wrote will be gone."
      }
      confirm="Discard"
      onClose={onClose}
      onConfirm={() => {
        draft.clear();
        onLeave();
      }}
      {...(isKept && {
        instead: {
          label: "Keep as a draft",
          run: () => {
            onLeave();
            toast("Kept on this device. You find it again under “Create”.");
          },
        },
      })}
    />
  );
}

interface LeaveProps {
  readonly draft: Draft;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

const STATUS: Partial<Record<Sharing, string>> = {
  waiting: "It goes on as soon as everything has arrived.",
  posting: "Just a moment…",
};

function Creating({ userId, rules }: { userId: string; rules: UploadRules }) {
  const close = useCloseOverlay();
  const isWide = useIsWide();
  const draft = useDraft(userId, rules);
  const items = useStore(draft.items);
  const isAsking = useIsAsking();
  const isOpen = useStore(draft.isOpen) && !isAsking;
  const isKept = useStore(draft.isKept);
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const [isWriting, setWriting] = useState(false); // the second step of a phone
  const [editedKey, setEditedKey] = useState<string | null>(null);
  const [asksToLeave, setAsksToLeave] = useState(false);
  const { sharing, isBusy, plan, share, stop } = useSharing(draft, items, close);
  const body = useRef<HTMLDivElement>(null);
  useIncoming(draft, isOpen);
  useEffect(() => studio.warm(), []);
  useUnloadGuard(!isKept && items.length > 0 && sharing !== "posting");

  const chosen = items.find((item) => item.key === chosenKey) ?? items[0];
  const edited = items.find((item) => item.key === editedKey);
  const undescribed = items.filter((item) => !item.alt.trim());
  const isTooLong = useIsTooLong(draft);
  const showsPictures = isWide || !isWriting;
  const showsWords = isWide || isWriting;

  const goTo = (writing: boolean) => {
    setWriting(writing);
    body.current?.scrollTo(0, 0);
    announce(writing ? "Step 2 of 2: your words" : "Step 1 of 2: your pictures");
  };
  const requestClose = () => {
    if (!isWide && isWriting && chosen) goTo(false);
    else if (draft.hasContent) setAsksToLeave(true);
    else close();
  };
  const describe = () => {
    stop();
    setWriting(false);
    setChosenKey(undescribed[0]?.key ?? null);
    focusDescription();
  };
  const action = !chosen ? null : showsWords ? (
    <Button
      variant="text"
      busy={isBusy}
      disabled={items.some(hasFailed) || isTooLong}
      onClick={() => share(undescribed.length === 0)}
    >
      Share
    </Button>
  ) : (
    <Button variant="text" onClick={() => goTo(true)}>
      Next
    </Button>
  );
  const altField = chosen && (
    <AltField draft={draft} item={chosen} place={items.indexOf(chosen)} total={items.length} />
  );

  return (
    <Dialog
      title="New post"
      kind="sheet"
      size="large"
      isStep={!isWide && isWriting && chosen !== undefined}
      onClose={requestClose}
      action={action}
    >
      <Refused draft={draft} />
      {chosen && <UploadLine items={items} />}
      {isOpen && !chosen && <PickStep rules={rules} />}
      {!isOpen && <div className={styles.place} aria-busy="true" />}
      {chosen && (
        <div ref={body} className={styles.body}>
          {showsPictures && (
            <div className={styles.left}>
              <Shown
                item={chosen}
                onEdit={() => setEditedKey(chosen.key)}
                onRetry={() => draft.retry(chosen.key)}
              />
              <Tray
                draft={draft}
                items={items}
                chosen={chosen}
                rules={rules}
                onChoose={setChosenKey}
              />
              {!isWide && (
                <div className={styles.form}>
                  <Restored draft={draft} />
                  {altField}
                </div>
              )}
            </div>
          )}
          {showsWords && (
            <div className={styles.form}>
              {isWide && <Restored draft={draft} />}
              {sharing === "nudged" && (
                <AltNudge
                  missing={undescribed}
                  items={items}
                  onDescribe={describe}
                  onShare={() => share(true, plan)}
                />
              )}
              <CaptionField draft={draft} />
              {isWide && altField}
              <Options draft={draft} />
              <Later
                isBusy={isBusy || items.some(hasFailed) || isTooLong}
                onDraft={() => share(true, "draft")}
                onSchedule={(at) => share(undescribed.length === 0, { at })}
              />
              {STATUS[sharing] && (
                <div className={styles.status} role="status">
                  {STATUS[sharing]}
                  {sharing === "waiting" && !items.every(isReady) && (
                    <Button size="small" onClick={stop}>
                      Not yet
                    </Button>
                  )}
                </div>
              )}
            </div>
          )}
        </div>
      )}
      {edited && (
        <EditStep
          item={edited}
          title={items.length > 1 ? `Edit picture ${items.indexOf(edited) + 1}` : "Edit picture"}
          onClose={() => setEditedKey(null)}
          onDone={(edit) => {
            setEditedKey(null);
            if (edit !== edited.edit) draft.edit(edited.key, edit);
          }}
        />
      )}
      {asksToLeave && (
        <LeaveDialog draft={draft} onLeave={close} onClose={() => setAsksToLeave(false)} />
      )}
    </Dialog>
  );
}

export default function CreateDialog() {
  useTitle("New post");
  const me = useMe();
  const rules = useUploadRules();
  return me ? <Creating key={me.id} userId={me.id} rules={rules} /> : null;
}
