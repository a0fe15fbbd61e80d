// What is said about the pictures, who sees it, and what others may do with it.
import { useLimits } from "@/api/queries/instance";
import { MentionField } from "@/features/mentions/MentionArea";
import { PostOptions } from "@/features/post/PostOptions";
import type { TagPicture } from "@/features/post/TagPeopleDialog";
import { useStore } from "@/lib/store";
import { length } from "@/lib/text";
import { TextArea } from "@/ui/Field";
import type { Draft } from "./draft/draft";
import { type DraftItem, nounOf, shownAt } from "./draft/items";
import { ratioOf } from "./edit/crop";

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
    <MentionField
      label="Caption"
      data-takes-files
      placeholder="Say something about it…"
      value={useStore(draft.words).caption}
      limit={limits.caption}
      error={isTooLong ? "This caption is too long." : undefined}
      onText={(caption) => draft.setWords({ caption })}
    />
  );
}

/** As it will be shared; none while there is nothing to see of it. */
function tagPictureOf(item: DraftItem): TagPicture[] {
  const address = shownAt(item);
  const size = item.size ?? item.upload.media;
  if (!address || !size?.width || !size.height || item.work) return [];
  const ratio = ratioOf(item.edit, { width: size.width, height: size.height });
  const shown = <img src={address} alt={item.alt} draggable={false} />;
  return [{ key: item.key, noun: nounOf(item), ratio, shown }];
}

export function Options({ draft }: { draft: Draft }) {
  return (
    <PostOptions
      pictures={useStore(draft.items).flatMap(tagPictureOf)}
      value={useStore(draft.words)}
      onChange={(change) => draft.setWords(change)}
    />
  );
}
