// Following a hashtag: at once on the screen, and the home feed asked anew when it is settled.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { setTagFollowed } from "@/api/queries/discover";
import { queryClient } from "@/api/queryClient";
import type { Tag } from "@/api/types";
import { toast } from "@/lib/announce";
import { Wishes } from "@/lib/wishes";

const follows = new Wishes({
  send: setTagFollowed,
  settled: (name, _on, { following }) => {
    queryClient.setQueryData<Tag>(keys.tag(name), (tag) => tag && { ...tag, following });
    void queryClient.invalidateQueries({ queryKey: keys.followedTags });
    void queryClient.invalidateQueries({ queryKey: keys.feed, refetchType: "none" });
  },
  failed: (name, error) =>
    toast(`Nothing changed for #${name}. ${sentence(error)}`, { tone: "error" }),
});

export function useTagFollow({ name, following }: Tag) {
  const isFollowed = follows.useWish(name, following);
  return { isFollowed, follow: (on: boolean) => follows.want(name, following, on) };
}
