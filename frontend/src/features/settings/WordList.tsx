// A list of words to leave out of what one reads: add one, take one out.
import type { UseQueryResult } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { EmptyState, ErrorState } from "@/ui/States";
import { Group, GroupSkeleton, Groups } from "./parts";
import styles from "./WordList.module.css";
import { leaveOut, type Terms } from "./words";

interface AddProps {
  readonly terms: Terms;
  readonly label: string;
  readonly hint: string;
  readonly words: readonly string[];
  readonly most: number;
}

function Add({ terms, label, hint, words, most }: AddProps) {
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isFull = words.length >= most;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const word = terms.clean(text);
    const fault = words.includes(word) ? "It is in the list already." : terms.fault(word);
    setError(fault ?? "");
    if (fault) return;
    setBusy(true);
    if (await leaveOut(terms, word, true)) setText("");
    setBusy(false);
  };
  return (
    <form className={styles.add} onSubmit={(event) => void submit(event)}>
      <TextField
        label={label}
        hint={isFull ? `There is room for ${most}. Take one out first.` : hint}
        error={error || undefined}
        value={text}
        autoComplete="off"
        autoCapitalize="off"
        disabled={isFull}
        onChange={(event) => {
          setText(event.target.value);
          setError("");
        }}
      />
      <Button variant="primary" type="submit" busy={isBusy} disabled={!terms.clean(text) || isFull}>
        Add
      </Button>
    </form>
  );
}

interface WordListProps {
  readonly query: UseQueryResult<string[]>;
  readonly terms: Terms;
  readonly title: string;
  /** What it does. */
  readonly text: ReactNode;
  readonly label: string;
  readonly hint: string;
  readonly most: number;
  readonly empty: string;
  readonly emptyIcon: ReactNode;
}

export function WordList({ query, terms, title, text, empty, emptyIcon, ...add }: WordListProps) {
  const listRef = useRef<HTMLUListElement>(null);
  if (query.isPending) return <GroupSkeleton label={`Loading ${title.toLowerCase()}`} rows={3} />;
  if (!query.data) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const words = query.data;
  const remove = (word: string) => {
    void leaveOut(terms, word, false);
    listRef.current?.focus();
  };
  return (
    <Groups>
      <Group title={title} text={text}>
        <Add terms={terms} words={words} {...add} />
        {words.length === 0 && <EmptyState icon={emptyIcon} title={empty} />}
        <ul ref={listRef} tabIndex={-1} className={styles.words} aria-label={title}>
          {words.map((word) => (
            <li key={word} className={styles.word}>
              <span>{terms.shown(word)}</span>
              <IconButton label={`Remove ${terms.shown(word)}`} onClick={() => remove(word)}>
                <X size={18} />
              </IconButton>
            </li>
          ))}
        </ul>
      </Group>
    </Groups>
  );
}
