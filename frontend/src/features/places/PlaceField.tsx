// Where a post was made: one of the known places, or a new one by its name.
import { useQuery } from "@tanstack/react-query";
import { MapPin, X } from "lucide-react";
import { useRef, useState } from "react";
import { sentence } from "@/api/problem";
import { createPlace, placesQuery } from "@/api/queries/discover";
import type { Place } from "@/api/types";
import { announce, toast } from "@/lib/announce";
import { useDebounced } from "@/lib/debounce";
import { plural } from "@/lib/text";
import { IconButton } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import styles from "./PlaceField.module.css";

const NAME_MAX = 100;

interface PlaceFieldProps {
  readonly value: Place | null;
  readonly onChange: (place: Place | null) => void;
}

function Chosen({ place, onRemove }: { place: Place; onRemove: () => void }) {
  return (
    <div>
      <p className={styles.label}>Place</p>
      <div className={styles.chosen}>
        <MapPin size={18} aria-hidden="true" />
        <span className={styles.name}>{place.name}</span>
        <IconButton label={`Remove the place ${place.name}`} onClick={onRemove}>
          <X size={18} />
        </IconButton>
      </div>
    </div>
  );
}

interface SuggestionsProps {
  readonly typed: string;
  readonly onChoose: (place: Place) => void;
}

function Suggestions({ typed, onChoose }: SuggestionsProps) {
  const q = useDebounced(typed);
  const { data, isFetching, error } = useQuery({
    ...placesQuery(q),
    enabled: q !== "",
    placeholderData: (before) => before,
  });
  const found = data?.results ?? [];
  const isNamed = found.some(({ name }) => name.toLowerCase() === typed.toLowerCase());
  const create = async () => {
    try {
      onChoose(await createPlace(typed));
    } catch (problem) {
      toast(`The place was not made. ${sentence(problem)}`, { tone: "error" });
    }
  };
  return (
    <>
      <p className="visually-hidden" role="status">
        {!isFetching && data ? `${plural(found.length, "place")} found` : ""}
      </p>
      {error && <p className={styles.note}>{sentence(error)}</p>}
      <ul className={styles.list} aria-label="Places">
        {found.map((place) => (
          <li key={place.id}>
            <button type="button" className={styles.option} onClick={() => onChoose(place)}>
              <MapPin size={18} aria-hidden="true" />
              {place.name}
            </button>
          </li>
        ))}
        {!isFetching && !isNamed && (
          <li>
            <button type="button" className={styles.option} onClick={() => void create()}>
              <MapPin size={18} aria-hidden="true" />
              Use “{typed}” as a new place
            </button>
          </li>
        )}
      </ul>
    </>
  );
}

export function PlaceField({ value, onChange }: PlaceFieldProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const typed = text.trim();
  /** What was pressed is gone: the focus goes to what stands there now. */
  const change = (place: Place | null) => {
    setText("");
    onChange(place);
    announce(place ? `Place: ${place.name}` : "No place");
    requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>("input, button")?.focus());
  };
  return (
    <div ref={ref}>
      {value ? (
        <Chosen place={value} onRemove={() => change(null)} />
      ) : (
        <>
          <TextField
            label="Place"
            placeholder="Where was it?"
            autoComplete="off"
            maxLength={NAME_MAX}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || text === "") return;
              event.preventDefault();
              setText("");
            }}
          />
          {typed && <Suggestions typed={typed} onChoose={change} />}
        </>
      )}
    </div>
  );
}
