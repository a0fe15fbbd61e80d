// An area for words in which an @ opens a list of people: arrows choose, Enter takes, Esc closes.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  type ChangeEvent,
  type ComponentProps,
  type KeyboardEvent,
  type SyntheticEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { mentionsQuery } from "@/api/queries/comments";
import { useMe } from "@/api/queries/me";
import { followingQuery } from "@/api/queries/users";
import { entries } from "@/api/queryClient";
import type { UserSummary } from "@/api/types";
import { announce } from "@/lib/announce";
import { useDebounced } from "@/lib/debounce";
import { plural } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { classes } from "@/ui/classes";
import { GrowingArea, TextArea } from "@/ui/Field";
import styles from "./MentionArea.module.css";
import { type Typed, typedName, withName } from "./mentions";

const MOST = 6;

/** People for what is typed after the @; for nothing yet, those one follows. */
function usePeople(typed: Typed | null): readonly UserSummary[] {
  const myId = useMe()?.id ?? "";
  const q = useDebounced(typed?.query ?? "");
  const following = useInfiniteQuery({
    ...followingQuery(myId),
    enabled: typed !== null && q === "" && myId !== "",
  });
  const named = useQuery({
    ...mentionsQuery(q),
    enabled: typed !== null && q !== "",
    placeholderData: (before) => before,
  });
  if (!typed) return [];
  return (q ? (named.data ?? []) : entries(following.data)).slice(0, MOST);
}

interface Mentioning {
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown?: ComponentProps<"textarea">["onKeyDown"];
  readonly ref?: ComponentProps<"textarea">["ref"];
}

/** What the area needs for it, and the list to show beside it. */
function useMentions({ value, onText, onKeyDown, ref }: Mentioning, listClass?: string) {
  const id = useId();
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const caretTo = useRef<number | null>(null);
  const [typed, setTyped] = useState<Typed | null>(null);
  const [at, setAt] = useState(0);
  const people = usePeople(typed);
  const isOpen = typed !== null && people.length > 0;
  const chosen = Math.min(at, people.length - 1);
  const found = isOpen ? people.length : 0;

  useEffect(() => {
    if (found > 0) announce(`${plural(found, "person", "people")} found. Arrow keys choose.`);
  }, [found]);

  useEffect(() => {
    if (caretTo.current === null) return;
    areaRef.current?.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = null;
  });

  const look = (event: SyntheticEvent<HTMLTextAreaElement>) => {
    const { value: text, selectionStart } = event.currentTarget;
    const now = typedName(text, selectionStart);
    if (now?.start !== typed?.start || now?.query !== typed?.query) {
      setTyped(now);
      setAt(0);
    }
  };
  const take = (person: UserSummary) => {
    if (!typed) return;
    const { text, caret } = withName(value, typed, person.username);
    caretTo.current = caret;
    setTyped(null);
    onText(text);
    areaRef.current?.focus();
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const person = people[chosen];
    if (!isOpen || !person || event.nativeEvent.isComposing) return onKeyDown?.(event);
    const { key, shiftKey } = event;
    const { length } = people;
    const next = { ArrowDown: chosen + 1, ArrowUp: chosen + length - 1 }[key];
    const isTaken = key === "Enter" || key === "Tab";
    if (shiftKey || (next === undefined && !isTaken && key !== "Escape")) return onKeyDown?.(event);
    event.preventDefault();
    event.stopPropagation();
    if (next !== undefined) setAt(next % length);
    else if (isTaken) take(person);
    else setTyped(null);
  };

  const props = {
    ref: (element: HTMLTextAreaElement | null) => {
      areaRef.current = element;
      if (typeof ref === "function") ref(element);
      else if (ref) ref.current = element;
    },
    value,
    autoComplete: "off",
    "aria-autocomplete": "list" as const,
    "aria-controls": isOpen ? id : undefined,
    "aria-activedescendant": isOpen ? `${id}-${chosen}` : undefined,
    onChange: (event: ChangeEvent<HTMLTextAreaElement>) => onText(event.target.value),
    onSelect: look,
    onKeyDown: onKey,
    onBlur: () => setTyped(null),
  };
  const list = isOpen && (
    <div
      id={id}
      role="listbox"
      aria-label="People to mention"
      className={classes(styles.list, listClass)}
    >
      {people.map((person, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the area, which names the chosen one
        // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the area takes it
        <div
          key={person.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          className={classes(styles.person, index === chosen && styles.chosen)}
          // Not later than the area loses the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(person)}
        >
          <Avatar person={person} size={32} />
          <span className={styles.names}>
            <strong>{person.username}</strong>
            {person.display_name && <span>{person.display_name}</span>}
          </span>
        </div>
      ))}
    </div>
  );
  return { props, list };
}

type Area<T extends (props: never) => unknown> = Mentioning &
  Omit<Parameters<T>[0], keyof Mentioning | "onChange" | "onSelect" | "onBlur">;

/** Without a frame, for the line below a page: the list stands above it. */
export function MentionArea({ value, onText, onKeyDown, ref, ...area }: Area<typeof GrowingArea>) {
  const { props, list } = useMentions({ value, onText, onKeyDown, ref });
  return (
    <div className={styles.anchor}>
      <GrowingArea {...area} {...props} />
      {list}
    </div>
  );
}

/** A field with its label: the list stands below it. */
export function MentionField({ value, onText, onKeyDown, ref, ...area }: Area<typeof TextArea>) {
  const { props, list } = useMentions({ value, onText, onKeyDown, ref }, styles.below);
  return (
    <div className={styles.field}>
      <TextArea {...area} {...props} />
      {list}
    </div>
  );
}
