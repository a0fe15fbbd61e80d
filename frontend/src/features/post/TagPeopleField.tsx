// Who is in the pictures, as a row that opens the dialog to tag them.
import { UserRoundPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/Button";
import styles from "./TagPeople.module.css";
import type { TagPicture } from "./TagPeopleDialog";
import type { PersonAt } from "./tagging";

const TagPeopleDialog = lazy(() => import("./TagPeopleDialog"));

interface TagPeopleFieldProps {
  readonly pictures: readonly TagPicture[];
  readonly value: readonly PersonAt[];
  readonly onChange: (people: readonly PersonAt[]) => void;
}

export function TagPeopleField({ pictures, value, onChange }: TagPeopleFieldProps) {
  const [isOpen, setOpen] = useState(false);
  const keys = new Set(pictures.map(({ key }) => key));
  const shown = value.filter(({ picture }) => keys.has(picture));
  const names = new Set(shown.map(({ user }) => user.username));
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <p className={styles.label}>People</p>
        <p className={styles.note}>{[...names].join(", ") || "Nobody is tagged."}</p>
      </div>
      <Button size="small" disabled={pictures.length === 0} onClick={() => setOpen(true)}>
        <UserRoundPlus size={18} aria-hidden="true" /> Tag people
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <TagPeopleDialog
            pictures={pictures}
            value={shown}
            onChange={onChange}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
