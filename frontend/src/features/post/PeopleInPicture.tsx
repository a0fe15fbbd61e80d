// Who is in a picture: a button shows the names where the people are.
import { UserRound } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "react-router";
import type { Media, PeopleTag } from "@/api/types";
import { paths } from "@/lib/paths";
import styles from "./PeopleInPicture.module.css";
import tag from "./tag.module.css";

interface PeopleInPictureProps {
  readonly media: Media;
  readonly tags: readonly PeopleTag[];
}

export function PeopleInPicture({ media, tags }: PeopleInPictureProps) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  const ratio = media.width && media.height ? media.width / media.height : 1;
  return (
    <div className={styles.over}>
      <div id={id} className={styles.picture} style={{ ["--ratio" as string]: ratio }}>
        {isShown &&
          tags.map(({ id: tagId, user, x, y, state }) => (
            <Link
              key={tagId}
              to={paths.profile(user.username)}
              className={tag.tag}
              style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
            >
              {user.username}
              {state === "pending" && <span className={styles.note}> waits</span>}
            </Link>
          ))}
      </div>
      <button
        type="button"
        className={styles.button}
        aria-expanded={isShown}
        aria-controls={id}
        aria-label={`People in this picture, ${tags.length}`}
        onClick={() => setShown(!isShown)}
      >
        <UserRound size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
