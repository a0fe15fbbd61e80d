// Tagging people: point at the picture, type a name. By keys: the name first, then arrows move it.
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import { sentence } from "@/api/problem";
import { mentionsQuery } from "@/api/queries/comments";
import { useLimits } from "@/api/queries/instance";
import type { UserSummary } from "@/api/types";
import { announce } from "@/lib/announce";
import { useDebounced } from "@/lib/debounce";
import { plural } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import styles from "./TagPeople.module.css";
import tag from "./tag.module.css";
import { MIDDLE, type PersonAt, type Spot, spotOf, withoutPerson, withPerson } from "./tagging";

export interface TagPicture {
  readonly key: string;
  readonly noun: string;
  readonly shown: ReactNode;
  /** Width by height. */
  readonly ratio: number;
}

const STEP = 0.02;
const STEPS: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

const placeOf = ({ x, y }: Spot) => ({ left: `${x * 100}%`, top: `${y * 100}%` });

interface StageProps {
  readonly picture: TagPicture;
  readonly people: readonly PersonAt[];
  readonly spot: Spot | null;
  readonly onSpot: (spot: Spot) => void;
  readonly onMove: (person: PersonAt) => void;
  readonly onRemove: (person: PersonAt) => void;
}

function Stage({ picture, people, spot, onSpot, onMove, onRemove }: StageProps) {
  const point = ({ clientX, clientY, currentTarget }: MouseEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    onSpot(spotOf({ x: (clientX - left) / width, y: (clientY - top) / height }));
  };
  const onKey = (event: KeyboardEvent, person: PersonAt) => {
    const step = STEPS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") onRemove(person);
    if (!step) return;
    event.preventDefault();
    onMove({ ...person, ...spotOf({ x: person.x + step[0], y: person.y + step[1] }) });
  };
  return (
    <div className={styles.stage}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only for those who point; keys use the field and the names */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same */}
      <div
        className={styles.picture}
        style={{ ["--ratio" as string]: picture.ratio }}
        onClick={point}
      >
        {picture.shown}
        {spot && <span className={styles.spot} style={placeOf(spot)} aria-hidden="true" />}
        {people.map((person) => (
          <button
            key={person.user.id}
            type="button"
            className={tag.tag}
            style={placeOf(person)}
            aria-label={`${person.user.username}: arrow keys move it, Delete takes it out`}
            onClick={(event) => event.stopPropagation()}
            onKeyDown={(event) => onKey(event, person)}
          >
            {person.user.username}
          </button>
        ))}
      </div>
    </div>
  );
}

function Found({ typed, onChoose }: { typed: string; onChoose: (user: UserSummary) => void }) {
  const q = useDebounced(typed);
  const { data, isFetching, error } = useQuery({
    ...mentionsQuery(q),
    enabled: q !== "",
    placeholderData: (before) => before,
  });
  const found = data ?? [];
  const isSettled = q === typed && !isFetching;
  return (
    <>
      <p className="visually-hidden" role="status">
        {isSettled && data ? `${plural(found.length, "person", "people")} found` : ""}
      </p>
      {error && <p className={styles.problem}>{sentence(error)}</p>}
      {isSettled && data && found.length === 0 && (
        <p className={styles.note}>Nobody by that name can be tagged.</p>
      )}
      <ul aria-label="People found">
        {found.map((user) => (
          <li key={user.id}>
            <button type="button" className={styles.person} onClick={() => onChoose(user)}>
              <Avatar person={user} size={36} />
              <span className={styles.words}>
                <strong>{user.username}</strong>
                {user.display_name && <span className={styles.note}>{user.display_name}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface TaggedProps {
  readonly people: readonly PersonAt[];
  readonly onRemove: (person: PersonAt) => void;
}

function TaggedList({ people, onRemove }: TaggedProps) {
  return (
    <ul aria-label="Tagged here">
      {people.map((person) => (
        <li key={person.user.id} className={styles.person}>
          <Avatar person={person.user} size={36} />
          <strong className={styles.words}>{person.user.username}</strong>
          <IconButton label={`Take ${person.user.username} out`} onClick={() => onRemove(person)}>
            <X size={18} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

interface TagPeopleDialogProps {
  readonly pictures: readonly TagPicture[];
  readonly value: readonly PersonAt[];
  readonly onChange: (people: readonly PersonAt[]) => void;
  readonly onClose: () => void;
}

export default function TagPeopleDialog(props: TagPeopleDialogProps) {
  const { pictures, value, onChange, onClose } = props;
  const most = useLimits().people_tags_per_post;
  const body = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState(0);
  const [spot, setSpot] = useState<Spot | null>(null);
  const [text, setText] = useState("");
  const picture = pictures[Math.min(index, pictures.length - 1)];
  if (!picture) return null;
  const here = value.filter((person) => person.picture === picture.key);
  const isFull = value.length >= most;
  const typed = text.trim().replace(/^@/, "").toLowerCase();
  const focusField = () => body.current?.querySelector("input")?.focus();

  const turn = (by: number) => {
    setIndex(index + by);
    setSpot(null);
    announce(`${index + by + 1} of ${pictures.length}`);
  };
  const choose = (user: UserSummary) => {
    onChange(withPerson(value, { user, picture: picture.key, ...(spot ?? MIDDLE) }));
    announce(`${user.username} is tagged.`);
    setText("");
    setSpot(null);
    focusField();
  };
  const remove = (person: PersonAt) => {
    onChange(withoutPerson(value, person));
    announce(`${person.user.username} is taken out.`);
    focusField();
  };
  return (
    <Dialog
      title="Tag people"
      kind="sheet"
      size="medium"
      isStep
      onClose={onClose}
      action={
        <Button variant="text" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div ref={body} className={styles.body}>
        <Stage
          picture={picture}
          people={here}
          spot={spot}
          onSpot={(next) => {
            setSpot(next);
            focusField();
          }}
          onMove={(person) => onChange(withPerson(value, person))}
          onRemove={remove}
        />
        {pictures.length > 1 && (
          <div className={styles.turn}>
            <IconButton label="Previous picture" disabled={index === 0} onClick={() => turn(-1)}>
              <ChevronLeft size={22} />
            </IconButton>
            {index + 1} of {pictures.length}
            <IconButton
              label="Next picture"
              disabled={index >= pictures.length - 1}
              onClick={() => turn(1)}
            >
              <ChevronRight size={22} />
            </IconButton>
          </div>
        )}
        <TextField
          label={`Who is in this ${picture.noun}?`}
          hint={
            isFull
              ? `A post has room for ${most} people. Take one out first.`
              : "Point at somebody, then type a name. They are told, and may take themselves out."
          }
          data-autofocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          disabled={isFull}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || text === "") return;
            event.preventDefault();
            setText("");
          }}
        />
        {typed ? (
          <Found typed={typed} onChoose={choose} />
        ) : (
          here.length > 0 && <TaggedList people={here} onRemove={remove} />
        )}
      </div>
    </Dialog>
  );
}
