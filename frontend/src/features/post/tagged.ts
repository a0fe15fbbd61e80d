// Being shown in somebody's post: agree to it, or leave.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { approveTag, leavePost } from "@/api/queries/discover";
import { changePost, queryClient } from "@/api/queryClient";
import type { Me, PeopleTag, Post } from "@/api/types";
import { toast } from "@/lib/announce";

const myId = () => queryClient.getQueryData<Me>(keys.me)?.id;

const without = (post: Post): Post => ({
  ...post,
  people_tags: post.people_tags.filter(({ user }) => user.id !== myId()),
});

export async function leave(post: Post): Promise<void> {
  try {
    await leavePost(post.id);
    changePost(post.id, without);
    void queryClient.invalidateQueries({ queryKey: ["posts", "tagged"] });
    toast("You are not tagged in it any more.");
  } catch (error) {
    toast(`You are still tagged. ${sentence(error)}`, { tone: "error" });
  }
}

export async function approve(post: Post, tag: PeopleTag): Promise<void> {
  try {
    await approveTag(tag.id);
    changePost(post.id, (shown) => ({
      ...shown,
      people_tags: shown.people_tags.map((other) =>
        other.id === tag.id ? { ...other, state: "shown" } : other,
      ),
    }));
    void queryClient.invalidateQueries({ queryKey: ["posts", "tagged"] });
    toast("It is on your profile now.");
  } catch (error) {
    toast(`Not approved. ${sentence(error)}`, { tone: "error" });
  }
}
