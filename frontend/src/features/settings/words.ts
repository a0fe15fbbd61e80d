// Words and tags to leave out: how they are written, and taken in and out of the list at once.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { setTagMuted, setWordHidden } from "@/api/queries/feed";
import { queryClient } from "@/api/queryClient";
import { toast } from "@/lib/announce";
import { length } from "@/lib/text";

export const WORD_MAX = 50;
export const TAG_MAX = 100;

export interface Terms {
  readonly key: readonly string[];
  /** As it is kept. */
  readonly clean: (text: string) => string;
  /** Why the server would not take it; null when it would. */
  readonly fault: (word: string) => string | null;
  readonly save: (word: string, on: boolean) => Promise<unknown>;
  /** As it is shown. */
  readonly shown: (word: string) => string;
  readonly said: (word: string, on: boolean) => string;
}

export const hiddenWords: Terms = {
  key: keys.hiddenWords,
  clean: (text) => text.trim().replace(/\s+/g, " "),
  fault: (word) => {
    if (word.includes("/")) return "A slash cannot be part of it.";
    return length(word) > WORD_MAX ? `At most ${WORD_MAX} characters.` : null;
  },
  save: setWordHidden,
  shown: (word) => word,
  said: (word, on) => (on ? `“${word}” is hidden now.` : `“${word}” is shown again.`),
};

export const mutedTags: Terms = {
  key: keys.mutedTags,
  clean: (text) =>
    text
      .trim()
      .replace(/^[#＃]+/, "")
      .toLowerCase(),
  fault: (tag) => {
    if (!/^[\p{L}\p{M}\p{N}_]+$/u.test(tag)) return "A tag is one word of letters and numbers.";
    return length(tag) > TAG_MAX ? `At most ${TAG_MAX} characters.` : null;
  },
  save: setTagMuted,
  shown: (tag) => `#${tag}`,
  said: (tag, on) => (on ? `#${tag} is muted now.` : `#${tag} is no longer muted.`),
};

function show(key: readonly string[], word: string, on: boolean): void {
  queryClient.setQueryData<string[]>(key, (all) => {
    const others = (all ?? []).filter((other) => other !== word);
    return on ? [...others, word].sort((a, b) => a.localeCompare(b)) : others;
  });
}

/** What was read with other terms is asked for anew. */
function renew(key: readonly string[]): void {
  void queryClient.invalidateQueries({ queryKey: key });
  void queryClient.invalidateQueries({ queryKey: ["posts"] });
  void queryClient.invalidateQueries({ queryKey: ["comments"] });
}

/** Whether the server took it. */
export async function leaveOut(terms: Terms, word: string, on: boolean): Promise<boolean> {
  show(terms.key, word, on);
  try {
    await terms.save(word, on);
    const undo = () => void leaveOut(terms, word, !on);
    toast(terms.said(word, on), { action: { label: "Undo", run: undo } });
    return true;
  } catch (error) {
    show(terms.key, word, !on);
    toast(`Nothing is changed. ${sentence(error)}`, { tone: "error" });
    return false;
  } finally {
    renew(terms.key);
  }
}
