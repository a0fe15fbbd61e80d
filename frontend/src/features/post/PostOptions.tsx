// Who sees a post, who comments, and what else its author decides: for a new one and for one that is out.
import type { Audience, Place, Post } from "@/api/types";
import { PlaceField } from "@/features/places/PlaceField";
import { AudienceChoice } from "@/ui/AudienceChoice";
import { Choice, Switch } from "@/ui/Field";
import styles from "./PostOptions.module.css";
import type { TagPicture } from "./TagPeopleDialog";
import { TagPeopleField } from "./TagPeopleField";
import type { PersonAt } from "./tagging";

export interface PostSettings {
  readonly audience: Audience;
  readonly commentsPolicy: Post["comments_policy"];
  readonly hideLikeCount: boolean;
  readonly sensitive: boolean;
  readonly place: Place | null;
  readonly people: readonly PersonAt[];
}

const POLICIES = [
  { value: "everyone", label: "Everyone" },
  { value: "followers", label: "Followers" },
  { value: "followed", label: "People I follow" },
  { value: "nobody", label: "Nobody" },
] as const satisfies readonly { value: Post["comments_policy"]; label: string }[];

interface PostOptionsProps {
  /** Those in which people can be tagged. */
  readonly pictures: readonly TagPicture[];
  readonly value: PostSettings;
  readonly onChange: (change: Partial<PostSettings>) => void;
}

export function PostOptions({ pictures, value, onChange }: PostOptionsProps) {
  return (
    <>
      <AudienceChoice value={value.audience} onChange={(audience) => onChange({ audience })} />
      <details className={styles.more}>
        <summary className={styles.summary}>More options</summary>
        <div className={styles.options}>
          <PlaceField value={value.place} onChange={(place) => onChange({ place })} />
          <TagPeopleField
            pictures={pictures}
            value={value.people}
            onChange={(people) => onChange({ people })}
          />
          <Choice
            legend="Who can comment"
            value={value.commentsPolicy}
            options={POLICIES}
            onChange={(commentsPolicy) => onChange({ commentsPolicy })}
          />
          <Switch
            label="Hide the like count"
            hint="Only you see how many people like it."
            checked={value.hideLikeCount}
            onChange={(hideLikeCount) => onChange({ hideLikeCount })}
          />
          <Switch
            label="Mark as sensitive"
            hint="For pictures that not everybody wants to see unasked."
            checked={value.sensitive}
            onChange={(sensitive) => onChange({ sensitive })}
          />
        </div>
      </details>
    </>
  );
}
