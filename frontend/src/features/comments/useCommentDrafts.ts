// Comments on their way: shown at once, kept with "Try again" when they could not be sent.
import { useState } from "react";
import { sentence } from "@/api/problem";
import { createComment } from "@/api/queries/comments";
import { announce } from "@/lib/announce";
import { uuid } from "@/lib/uuid";
import { addComment } from "./cache";

export interface Draft {
  readonly key: string;
  readonly body: string;
  readonly parentId: string | null;
  /** Null while it is being sent. */
  readonly problem: string | null;
}

export function useCommentDrafts(postId: string) {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);

  const drop = (key: string) => setDrafts((all) => all.filter((draft) => draft.key !== key));

  const send = async (draft: Draft) => {
    setDrafts((all) => [...all.filter((d) => d.key !== draft.key), { ...draft, problem: null }]);
    try {
      addComment(await createComment(postId, draft.body, draft.parentId, draft.key));
      drop(draft.key);
      announce("Comment posted.");
    } catch (error) {
      const problem = sentence(error);
      setDrafts((all) => all.map((d) => (d.key === draft.key ? { ...d, problem } : d)));
    }
  };

  return {
    drafts,
    drop,
    retry: send,
    add: (body: string, parentId: string | null) =>
      void send({ key: uuid(), body, parentId, problem: null }),
  };
}
