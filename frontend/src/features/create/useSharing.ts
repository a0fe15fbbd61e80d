// From "Share" to the post: waits for the last file, sends once, and shows the post everywhere.
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { keys } from "@/api/keys";
import { ApiError, sentence } from "@/api/problem";
import { type Pages, prependEntry, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { announce, toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { forgetDraft } from "./draft/current";
import type { Draft } from "./draft/draft";
import { type DraftItem, hasFailed, isReady } from "./draft/items";

export type Sharing = "no" | "nudged" | "waiting" | "posting";

function showEverywhere(post: Post): void {
  queryClient.setQueryData<Pages<Post>>(keys.feed, (data) => prependEntry(data, post));
  queryClient.setQueryData<Pages<Post>>(keys.userPosts(post.author.id), (data) =>
    prependEntry(data, post),
  );
  void queryClient.invalidateQueries({ queryKey: keys.user(post.author.username) });
  void queryClient.invalidateQueries({ queryKey: keys.me });
}

/** An earlier try had gone through although its answer was lost, and the words were changed since. */
const wasShared = (error: unknown) =>
  error instanceof ApiError && error.code === "idempotency_conflict";

export function useSharing(draft: Draft, items: readonly DraftItem[], close: () => void) {
  const navigate = useNavigate();
  const [sharing, setSharing] = useState<Sharing>("no");
  const failed = items.some(hasFailed);
  const ready = items.length > 0 && items.every(isReady);

  const end = () => {
    close();
    forgetDraft();
    void draft.finish();
  };
  const publish = async () => {
    setSharing("posting");
    try {
      const post = await draft.publish();
      showEverywhere(post);
      end();
      toast("Your post is shared.", {
        action: { label: "View", run: () => navigate(paths.post(post.shortcode)) },
      });
    } catch (error) {
      if (wasShared(error)) {
        end();
        void queryClient.invalidateQueries({ queryKey: ["posts"] });
        toast("Your post went out at the first try. Edit it there if you changed its words.");
        return;
      }
      setSharing("no");
      toast(`Not shared. ${sentence(error)}`, { tone: "error" });
    }
  };

  // "Share" was pressed before the last file had arrived.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these decide when to go on
  useEffect(() => {
    if (sharing !== "waiting") return;
    if (failed || items.length === 0) setSharing("no");
    else if (ready) void publish();
  }, [sharing, ready, failed]);

  return {
    sharing,
    isBusy: sharing === "waiting" || sharing === "posting",
    /** Shares at once; the first time only when every picture is described. */
    share: (isDescribed: boolean) => {
      if (!isDescribed && sharing === "no") {
        setSharing("nudged");
        return;
      }
      setSharing("waiting");
      if (!ready) announce("Your post will be shared as soon as everything has arrived.");
    },
    stop: () => setSharing("no"),
  };
}
