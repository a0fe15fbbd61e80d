// What one sets about another person, who never learns of it: done at once, said, and taken back by "Undo".
import type { InfiniteData } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import {
  changeRelationship,
  type Mute,
  type MutedPerson,
  mute,
  mutesQuery,
  removeFollower,
  setCloseFriend,
  setRestricted,
  unmute,
} from "@/api/queries/relations";
import { block, unblock } from "@/api/queries/users";
import { changePages, changeUser, entries, type Pages, queryClient } from "@/api/queryClient";
import type { Relationship, User, UserSummary } from "@/api/types";
import { toast } from "@/lib/announce";

const BLOCKED: Partial<Relationship> = {
  blocking: true,
  following: false,
  requested: false,
  followed_by: false,
};

type Person = Pick<UserSummary, "id" | "username">;
export type ListName = "mutes" | "restricted" | "close-friends" | "blocks";

interface Deed {
  readonly person: Person;
  /** How it stands at once, and how it stood before. */
  readonly now: Partial<Relationship>;
  readonly before: Partial<Relationship>;
  readonly send: () => Promise<unknown>;
  /** The list that names these people, and whether this takes the person out of it. */
  readonly list: ListName;
  readonly takesOut: boolean;
  readonly said: string;
  readonly undo?: () => Promise<void>;
}

async function perform(deed: Deed): Promise<void> {
  const { person, list, undo } = deed;
  const key = keys.people(list, "me");
  const listed = queryClient.getQueryData<Pages<UserSummary>>(key);
  changeRelationship(person.id, deed.now);
  if (deed.takesOut) {
    queryClient.setQueryData<Pages<UserSummary>>(key, (data) =>
      changePages(data, person.id, () => null),
    );
  }
  try {
    await deed.send();
    void queryClient.invalidateQueries({ queryKey: key });
    toast(deed.said, undo && { action: { label: "Undo", run: () => void undo() } });
  } catch (error) {
    changeRelationship(person.id, deed.before);
    queryClient.setQueryData(key, listed);
    void queryClient.invalidateQueries({ queryKey: ["user"] });
    toast(`Nothing is changed. ${sentence(error)}`, { tone: "error" });
  }
}

/** What home shows depends on it. */
function renewFeed(): void {
  void queryClient.invalidateQueries({ queryKey: keys.feed });
}

export function muteFor(person: Person, terms: Mute, before: Mute | null = null): Promise<void> {
  return perform({
    person,
    now: { muting: true },
    before: { muting: before !== null },
    send: async () => {
      await mute(person.id, terms);
      renewFeed();
    },
    list: "mutes",
    takesOut: false,
    said: `${person.username} is muted.`,
    undo: () => (before ? muteFor(person, before, terms) : endMute(person, terms)),
  });
}

/** `terms` are what was muted until when, where that is known: only then it can be set again. */
export function endMute(person: Person, terms: Mute | null): Promise<void> {
  return perform({
    person,
    now: { muting: false },
    before: { muting: true },
    send: async () => {
      await unmute(person.id);
      renewFeed();
    },
    list: "mutes",
    takesOut: true,
    said: `${person.username} is no longer muted.`,
    ...(terms && { undo: () => muteFor(person, terms) }),
  });
}

/** What of a person is muted, as far as the newest mutes tell. */
export async function termsOfMute(person: Person): Promise<Mute | null> {
  const data: InfiniteData<unknown, unknown> = await queryClient.fetchInfiniteQuery(mutesQuery);
  const found = entries(data as Pages<MutedPerson>).find((other) => other.id === person.id);
  return found ? { scopes: found.scopes, until: found.until } : null;
}

export function restrict(person: Person, on: boolean): Promise<void> {
  return perform({
    person,
    now: { restricted: on },
    before: { restricted: !on },
    send: () => setRestricted(person.id, on),
    list: "restricted",
    takesOut: !on,
    said: on ? `${person.username} is restricted.` : `${person.username} is no longer restricted.`,
    undo: () => restrict(person, !on),
  });
}

export function closeFriend(person: Person, on: boolean): Promise<void> {
  return perform({
    person,
    now: { close_friend: on },
    before: { close_friend: !on },
    send: () => setCloseFriend(person.id, on),
    list: "close-friends",
    takesOut: !on,
    said: on
      ? `${person.username} is a close friend now.`
      : `${person.username} is no longer among your close friends.`,
    undo: () => closeFriend(person, !on),
  });
}

/** What they made is everywhere. What is theirs alone is asked for once they are let in: till then it is hidden. */
function renewAll(userId: string, isBlocked: boolean): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey, state }) => {
      const isTheirs =
        queryKey.includes(userId) ||
        (queryKey[0] === "user" && (state.data as User | undefined)?.id === userId);
      return !(isBlocked && isTheirs);
    },
  });
}

/** After a block that was part of something else. */
export function showBlocked(userId: string): void {
  changeRelationship(userId, BLOCKED);
  renewAll(userId, true);
}

/** A block ends follows in both directions, which no "Undo" brings back; letting in again can be undone. */
export function setBlocked(person: Person, on: boolean): Promise<void> {
  return perform({
    person,
    now: on ? BLOCKED : { blocking: false },
    before: { blocking: !on },
    send: async () => {
      await (on ? block(person.id) : unblock(person.id));
      renewAll(person.id, on);
    },
    list: "blocks",
    takesOut: !on,
    said: on ? `${person.username} is blocked.` : `${person.username} is no longer blocked.`,
    ...(!on && { undo: () => setBlocked(person, true) }),
  });
}

/** Only they can bring this back, so it is asked for beforehand. */
export async function dropFollower(person: Person, myId: string): Promise<void> {
  try {
    await removeFollower(person.id);
    changeRelationship(person.id, { followed_by: false });
    queryClient.setQueriesData<Pages<UserSummary>>(
      { queryKey: keys.people("followers", myId) },
      (data) => changePages(data, person.id, () => null),
    );
    changeUser(myId, (me) => ({ ...me, followers_count: Math.max(0, me.followers_count - 1) }));
    void queryClient.invalidateQueries({ queryKey: keys.me });
    toast(`${person.username} no longer follows you.`);
  } catch (error) {
    toast(`Nothing is changed. ${sentence(error)}`, { tone: "error" });
  }
}
