// "Not this one": gone at once, told to the server when there was time to take it back, for it forgets nothing.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { dismissSuggestion, type Suggestion } from "@/api/queries/relations";
import { queryClient } from "@/api/queryClient";
import type { UserSummary } from "@/api/types";
import { toast } from "@/lib/announce";
import { later } from "@/lib/later";
import { Store, useStore } from "@/lib/store";

const hidden = new Store<ReadonlySet<string>>(new Set());

function hide(userId: string, on: boolean): void {
  const ids = new Set(hidden.get());
  if (on) ids.add(userId);
  else ids.delete(userId);
  hidden.set(ids);
}

async function send(person: UserSummary): Promise<void> {
  try {
    await dismissSuggestion(person.id);
    queryClient.setQueryData<Suggestion[]>(keys.suggestions, (all) =>
      all?.filter(({ user }) => user.id !== person.id),
    );
  } catch (error) {
    toast(`${person.username} may be suggested again. ${sentence(error)}`, { tone: "error" });
  }
  hide(person.id, false);
}

export function dismiss(person: UserSummary): void {
  hide(person.id, true);
  const callOff = later(() => void send(person));
  const undo = () => {
    callOff();
    hide(person.id, false);
  };
  toast(`${person.username} is not suggested any more.`, {
    action: { label: "Undo", run: undo },
  });
}

/** Without those that were dismissed here. */
export function useUndismissed(suggestions: readonly Suggestion[]): Suggestion[] {
  const ids = useStore(hidden);
  return suggestions.filter(({ user }) => !ids.has(user.id));
}
