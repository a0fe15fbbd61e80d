// Follow, Requested, Following: shown at once, rolled back when the server says no.
import { useState } from "react";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { follow, unfollow } from "@/api/queries/users";
import { changeUser, queryClient } from "@/api/queryClient";
import type { Relationship, User } from "@/api/types";
import { toast } from "@/lib/announce";

export type FollowState = "none" | "requested" | "following";

function followState(relationship: Relationship | null): FollowState {
  if (relationship?.following) return "following";
  return relationship?.requested ? "requested" : "none";
}

function applyState(user: User, state: FollowState): User {
  if (!user.relationship) return user;
  const before = Number(user.relationship.following);
  const now = Number(state === "following");
  return {
    ...user,
    followers_count: Math.max(0, user.followers_count + now - before),
    relationship: {
      ...user.relationship,
      following: state === "following",
      requested: state === "requested",
    },
  };
}

export function useFollow(user: User) {
  const [isBusy, setBusy] = useState(false);
  const state = followState(user.relationship);

  const change = async (on: boolean) => {
    const expected: FollowState = on ? (user.is_private ? "requested" : "following") : "none";
    setBusy(true);
    changeUser(user.id, (now) => applyState(now, expected));
    try {
      const answer = await (on ? follow(user.id) : unfollow(user.id));
      changeUser(user.id, (now) => applyState(now, answer.state));
      // What one may see and what the feed holds depend on it.
      void queryClient.invalidateQueries({ queryKey: keys.userPosts(user.id) });
      void queryClient.invalidateQueries({ queryKey: keys.feed });
      void queryClient.invalidateQueries({ queryKey: ["people"] });
      void queryClient.invalidateQueries({ queryKey: keys.me });
    } catch (error) {
      changeUser(user.id, (now) => applyState(now, state));
      toast(sentence(error), { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  return { state, isBusy, change };
}
