// What is said about the pictures, who sees it, and what others may do with it.
import { useLimits } from "@/api/queries/instance";
import { useStore } from "@/lib/store";
import { length } from "@/lib/text";
import { AudienceChoice } from "@/ui/AudienceChoice";
import { Choice, Switch, TextArea } from "@/ui/Field";
import type { Draft } from "./draft/draft";
import { type DraftItem, nounOf } from "./draft/items";
import type { Words } from "./draft/words";
import styles from "./Words.module.css";

const POLICIES = [
  { value: "everyone", label: "Everyone" },
  { value: "followers", label: "Followers" },
  { value: "followed", label: "People I follow" },
  { value: "nobody", label: "Nobody" },
] as const satisfies readonly { value: Words["commentsPolicy"]; label: string }[];

interface AltFieldProps {
  readonly draft: Draft;
  readonly item: DraftItem;
  readonly place: number;
  readonly total: number;
}

export function AltField({ draft, item, place, total }: AltFieldProps) {
  const limits = useLimits();
  const noun = nounOf(item);
  const one = noun === "video" ? "Video description" : "Picture description";
  return (
    <TextArea
      key={item.key}
      data-describe
      data-takes-files
      label={total > 1 ? `Description of ${noun} ${place + 1}` : one}
      hint="What is to be seen, in a sentence or two. Read out to people who cannot see it."
      rows={2}
      value={item.alt}
      maxLength={limits.alt_text}
      onChange={(event) => draft.setAlt(item.key, event.target.value)}
    />
  );
}

export function useIsTooLong(draft: Draft): boolean {
  const limits = useLimits();
  return length(useStore(draft.words).caption) > limits.caption;
}

export function CaptionField({ draft }: { draft: Draft }) {
  const limits = useLimits();
  const isTooLong = useIsTooLong(draft);
  return (
    <TextArea
      label="Caption"
      data-takes-files
      placeholder="Say something about it…"
      value={useStore(draft.words).caption}
      limit={limits.caption}
      error={isTooLong ? "This caption is too long." : undefined}
      onChange={(event) => draft.setWords({ caption: event.target.value })}
    />
  );
}

export function Options({ draft }: { draft: Draft }) {
  const words = useStore(draft.words);
  return (
    <>
      <AudienceChoice
        value={words.audience}
        onChange={(audience) => draft.setWords({ audience })}
      />
      <details className={styles.more}>
        <summary className={styles.summary}>More options</summary>
        <div className={styles.options}>
          <Choice
            legend="Who can comment"
            value={words.commentsPolicy}
            options={POLICIES}
            onChange={(commentsPolicy) => draft.setWords({ commentsPolicy })}
          />
          <Switch
            label="Hide the like count"
            hint="Only you see how many people like it."
            checked={words.hideLikeCount}
            onChange={(hideLikeCount) => draft.setWords({ hideLikeCount })}
          />
          <Switch
            label="Mark as sensitive"
            hint="For pictures that not everybody wants to see unasked."
            checked={words.sensitive}
            onChange={(sensitive) => draft.setWords({ sensitive })}
          />
        </div>
      </details>
    </>
  );
}
