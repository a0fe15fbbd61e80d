// Finding the name that is being typed after an @, and putting a whole one in its place.

export interface Typed {
  /** Where the @ stands. */
  readonly start: number;
  /** What follows it, up to the caret. */
  readonly query: string;
}

// As the server finds names: no letter, and none of "@./", stands before the @.
const BEFORE_CARET = /(?:^|[^\w@./])@([a-z0-9._]{0,30})$/i;

/** The name that ends at the caret; null where none is being typed. */
export function typedName(text: string, caret: number): Typed | null {
  const match = BEFORE_CARET.exec(text.slice(0, caret));
  if (!match) return null;
  const query = match[1] ?? "";
  return { start: caret - query.length - 1, query: query.toLowerCase() };
}

/** The text with the whole name and a space after it, and where the caret goes. */
export function withName(text: string, typed: Typed, username: string) {
  const end = typed.start + 1 + typed.query.length;
  const rest = text.slice(end);
  const name = `@${username}${rest.startsWith(" ") ? "" : " "}`;
  const caret = typed.start + username.length + 2;
  return { text: text.slice(0, typed.start) + name + rest, caret };
}
