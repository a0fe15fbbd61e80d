// Names and hashtags in what people write, as the server reads them.
export interface Run {
  readonly kind: "text" | "name" | "tag";
  readonly text: string;
}

// A name behind a sign that begins a word, or one hashtag behind the other.
const SIGNS =
  /(?<![\w@./])@([a-z0-9](?:[a-z0-9._]{1,28}[a-z0-9_])(?![a-z0-9_]|[a-z0-9._]{0,30}[@＠]))|(?<![\p{L}\p{N}\p{M}_/&])(?:[#＃][\p{L}\p{N}\p{M}_\u200c\u200d]{1,400})+/giu;

const TAG = /[#＃][^#＃]+/gu;
const LETTER = /\p{L}/u;

/** The text in parts, in order; put together they are the text again. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const match of text.matchAll(SIGNS)) {
    const [whole] = match;
    if (match.index > end) runs.push({ kind: "text", text: text.slice(end, match.index) });
    if (whole.startsWith("@")) runs.push({ kind: "name", text: whole });
    else {
      for (const [tag] of whole.matchAll(TAG)) {
        runs.push({ kind: LETTER.test(tag) ? "tag" : "text", text: tag });
      }
    }
    end = match.index + whole.length;
  }
  if (end < text.length) runs.push({ kind: "text", text: text.slice(end) });
  return runs;
}
