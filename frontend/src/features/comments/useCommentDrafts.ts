// Comments on their way: shown at once, kept with "Try again" when they could not be sent.
import { sentence } from "@/api/problem";
import { createComment } from "@/api/queries/comments";
import { announce } from "@/lib/announce";
import { Store, useStore } from "@/lib/store";
import { uuid } from "@/lib/uuid";
import { addComment } from "./cache";

export interface Draft {
  readonly key: string;
  readonly body: string;
  readonly parentId: string | null;
  /** Null while it is being sent. */
  readonly problem: string | null;
}

/** By post, so that closing a post loses none. */
const drafts = new Store<ReadonlyMap<string, readonly Draft[]>>(new Map());
const NONE: readonly Draft[] = [];

function change(postId: string, to: (all: readonly Draft[]) => readonly Draft[]): void {
  const all = new Map(drafts.get());
  all.set(postId, to(all.get(postId) ?? NONE));
  drafts.set(all);
}

export function useCommentDrafts(postId: string) {
  const own = useStore(drafts).get(postId) ?? NONE;

  const drop = (key: string) => change(postId, (all) => all.filter((draft) => draft.key !== key));

  const send = async (draft: Draft) => {
    change(postId, (all) => [
      ...all.filter((d) => d.key !== draft.key),
      { ...draft, problem: null },
    ]);
    try {
      addComment(await createComment(postId, draft.body, draft.parentId, draft.key));
      drop(draft.key);
      announce("Comment posted.");
    } catch (error) {
      const problem = sentence(error);
      change(postId, (all) => all.map((d) => (d.key === draft.key ? { ...d, problem } : d)));
    }
  };

  return {
    drafts: own,
    drop,
    retry: send,
    add: (body: string, parentId: string | null) =>
      void send({ key: uuid(), body, parentId, problem: null }),
  };
}
