// Follow, Requested, Following: shown at once, rolled back when the server says no.
import { useState } from "react";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { changeRelationship, NO_RELATIONSHIP } from "@/api/queries/relations";
import { follow, unfollow } from "@/api/queries/users";
import { changeUser, queryClient } from "@/api/queryClient";
import type { Relationship, User, UserSummary } from "@/api/types";
import { toast } from "@/lib/announce";

export type FollowState = "none" | "requested" | "following";

function followState(relationship: Relationship | null): FollowState {
  if (relationship?.following) return "following";
  return relationship?.requested ? "requested" : "none";
}

/** A person in a list or on a profile, and how the viewer stands to them. */
export type Followable = UserSummary & Pick<User, "relationship">;

function applyState(userId: string, state: FollowState): void {
  const isFollowing = state === "following";
  changeUser(userId, (user) => {
    const before = Number(user.relationship?.following ?? false);
    return {
      ...user,
      followers_count: Math.max(0, user.followers_count + Number(isFollowing) - before),
    };
  });
  const change = { following: isFollowing, requested: state === "requested" };
  changeRelationship(userId, change);
  // A row may be pressed before it is known: an older answer must not undo this.
  const key = keys.relationship(userId);
  void queryClient.cancelQueries({ queryKey: key });
  queryClient.setQueryData<Relationship | null>(key, (now) => ({
    ...NO_RELATIONSHIP,
    ...now,
    ...change,
  }));
}

/** What one may see and what the feed holds depend on it. Lists of people keep their rows until they are opened again. */
function forget(userId: string): void {
  void queryClient.invalidateQueries({ queryKey: keys.userPosts(userId) });
  void queryClient.invalidateQueries({ queryKey: keys.feed });
  void queryClient.invalidateQueries({ queryKey: keys.me });
  void queryClient.invalidateQueries({
    queryKey: keys.relationship(userId),
    refetchType: "none",
  });
  void queryClient.invalidateQueries({ queryKey: ["people"], refetchType: "none" });
  void queryClient.invalidateQueries({ queryKey: keys.suggestions, refetchType: "none" });
}

export function useFollow(person: Followable) {
  const [isBusy, setBusy] = useState(false);
  const state = followState(person.relationship);

  const change = async (on: boolean) => {
    const expected: FollowState = on ? (person.is_private ? "requested" : "following") : "none";
    setBusy(true);
    applyState(person.id, expected);
    try {
      const answer = await (on ? follow(person.id) : unfollow(person.id));
      applyState(person.id, answer.state);
      forget(person.id);
    } catch (error) {
      applyState(person.id, state);
      toast(sentence(error), { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  return { state, isBusy, change };
}
