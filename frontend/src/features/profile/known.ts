// By whom a person is known: "Followed by ana, ben and 3 others".
export interface Named {
  readonly username: string;
}

/** `hasMore`: the list goes on after what is here, so no number is told. */
export interface Known {
  readonly named: readonly string[];
  readonly rest: string;
}

const NAMED = 2;

/** The names to show and the words after them; `count` is of all, or null where only more is known. */
export function knownBy(people: readonly Named[], count: number | null): Known {
  const named = people.slice(0, NAMED).map((person) => person.username);
  if (count === null) return { named, rest: " and many others" };
  if (named.length === 0) return { named, rest: `${count} people you follow` };
  const others = count - named.length;
  if (others <= 0) return { named, rest: "" };
  return { named, rest: ` and ${others} ${others === 1 ? "other" : "others"}` };
}

/** The same as plain words: "ana and ben", "ana, ben and 3 others". */
export function knownInWords(people: readonly Named[], count: number | null): string {
  const { named, rest } = knownBy(people, count);
  return named.join(rest ? ", " : " and ") + rest;
}
