// From "Share" to the post: waits for the last file, sends once, and shows the post everywhere.
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { keys } from "@/api/keys";
import { ApiError, sentence } from "@/api/problem";
import { type Pages, prependEntry, queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { announce, toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { exactTime } from "@/lib/time";
import { forgetDraft } from "./draft/current";
import type { Draft } from "./draft/draft";
import { type DraftItem, hasFailed, isReady } from "./draft/items";
import type { Plan } from "./draft/words";

export type Sharing = "no" | "nudged" | "waiting" | "posting";

function showEverywhere(post: Post): void {
  queryClient.setQueryData<Pages<Post>>(keys.feed, (data) => prependEntry(data, post));
  queryClient.setQueryData<Pages<Post>>(keys.userPosts(post.author.id), (data) =>
    prependEntry(data, post),
  );
  void queryClient.invalidateQueries({ queryKey: keys.user(post.author.username) });
  void queryClient.invalidateQueries({ queryKey: keys.me });
}

interface Outcome {
  readonly text: string;
  /** Where "View" leads. */
  readonly to: string;
}

/** What is told of a post that is made. */
function outcomeOf(post: Post, plan: Plan): Outcome {
  if (plan === "now") return { text: "Your post is shared.", to: paths.post(post.shortcode) };
  if (plan === "draft") return { text: "Saved in your drafts.", to: paths.own("drafts") };
  return { text: `It comes out on ${exactTime(plan.at)}.`, to: paths.own("scheduled") };
}

/** An earlier try had gone through although its answer was lost, and the words were changed since. */
const wasShared = (error: unknown) =>
  error instanceof ApiError && error.code === "idempotency_conflict";

export function useSharing(draft: Draft, items: readonly DraftItem[], close: () => void) {
  const navigate = useNavigate();
  const [sharing, setSharing] = useState<Sharing>("no");
  const [plan, setPlan] = useState<Plan>("now");
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
      const post = await draft.publish(plan);
      if (plan === "now") showEverywhere(post);
      else void queryClient.invalidateQueries({ queryKey: ["posts", "own"] });
      end();
      const { text, to } = outcomeOf(post, plan);
      toast(text, { action: { label: "View", run: () => navigate(to) } });
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
    plan,
    /** Shares at once, or as planned; the first time only when every picture is described. */
    share: (isDescribed: boolean, next: Plan = "now") => {
      setPlan(next);
      if (!isDescribed && sharing === "no") {
        setSharing("nudged");
        return;
      }
      setSharing("waiting");
      if (!ready) announce("It goes on as soon as everything has arrived.");
    },
    stop: () => setSharing("no"),
  };
}
