// How one stands to other people: mute, restrict, close friends, removed followers, and who may be known.
import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { batched } from "@/lib/batch";
import { useStore } from "@/lib/store";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";
import { changeUser, queryClient } from "../queryClient";
import type { components } from "../schema";
import { session } from "../session";
import type { Relationship } from "../types";

export type Mute = Required<components["schemas"]["MuteFormRequest"]>;
export type MuteScope = Mute["scopes"][number];
export type MutedPerson = components["schemas"]["MutedPerson"];
export type Suggestion = components["schemas"]["Suggestion"];

const AT_ONCE = 100;
const PAGE = 30;

export const NO_RELATIONSHIP: Relationship = {
  following: false,
  requested: false,
  followed_by: false,
  blocking: false,
  muting: false,
  restricted: false,
  close_friend: false,
};

const askOne = batched<Relationship>(async (ids) => {
  const query = { ids: ids.join(",") };
  return (await take(api.GET("/api/v1/users/relationships", { params: { query } }))).results;
}, AT_ONCE);

const relationshipQuery = (userId: string) =>
  queryOptions({ queryKey: keys.relationship(userId), queryFn: () => askOne(userId) });

/** How the viewer stands to somebody in a list; all of a list are asked for at once. */
export function useRelationship(userId: string, isWanted = true): Relationship | null | undefined {
  const isMember = useStore(session.status) === "signed-in";
  return useQuery({ ...relationshipQuery(userId), enabled: isMember && isWanted }).data;
}

/** Changes it wherever it is shown. */
export function changeRelationship(userId: string, change: Partial<Relationship>): void {
  changeUser(userId, (user) =>
    user.relationship ? { ...user, relationship: { ...user.relationship, ...change } } : user,
  );
  queryClient.setQueryData<Relationship | null>(keys.relationship(userId), (now) =>
    now ? { ...now, ...change } : now,
  );
}

const of = (userId: string) => ({ params: { path: { user_id: userId } } });

export const mute = (userId: string, body: Mute) =>
  take(api.PUT("/api/v1/users/{user_id}/mute", { ...of(userId), body }));

export const unmute = (userId: string) =>
  take(api.DELETE("/api/v1/users/{user_id}/mute", of(userId)));

export const setRestricted = (userId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/users/{user_id}/restrict", of(userId)))
    : take(api.DELETE("/api/v1/users/{user_id}/restrict", of(userId)));

export const setCloseFriend = (userId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/users/{user_id}/close-friend", of(userId)))
    : take(api.DELETE("/api/v1/users/{user_id}/close-friend", of(userId)));

export const removeFollower = (userId: string) =>
  take(api.DELETE("/api/v1/users/{user_id}/follower", of(userId)));

export const mutesQuery = infiniteQueryOptions({
  queryKey: keys.people("mutes", "me"),
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/me/mutes", { params: { query: pageQuery(PAGE, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

export const restrictedQuery = infiniteQueryOptions({
  queryKey: keys.people("restricted", "me"),
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/me/restricted", { params: { query: pageQuery(PAGE, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

export const closeFriendsQuery = infiniteQueryOptions({
  queryKey: keys.people("close-friends", "me"),
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/me/close-friends", { params: { query: pageQuery(PAGE, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

const mutualsPage = (userId: string, query: { limit: number; cursor?: string; q?: string }) =>
  take(
    api.GET("/api/v1/users/{user_id}/mutuals", { params: { path: { user_id: userId }, query } }),
  );

/** Followers of a person whom the viewer follows; `q` narrows to people whose name has it. */
export const mutualsQuery = (userId: string, q = "") =>
  infiniteQueryOptions({
    queryKey: [...keys.people("mutuals", userId), q],
    queryFn: ({ pageParam }) =>
      mutualsPage(userId, { ...pageQuery(PAGE, pageParam), ...(q && { q }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

/** The first of them, for the line on a profile. */
export const someMutualsQuery = (userId: string) =>
  queryOptions({
    queryKey: keys.mutualsOf(userId),
    queryFn: () => mutualsPage(userId, { limit: 12 }),
    retry: false,
  });

export const suggestionsQuery = queryOptions({
  queryKey: keys.suggestions,
  queryFn: async () => (await take(api.GET("/api/v1/users/suggestions"))).results,
  staleTime: 5 * 60_000,
});

/** There is no way back on the server. `keepalive`: the page may be on its way out. */
export const dismissSuggestion = (userId: string) =>
  take(api.DELETE("/api/v1/users/suggestions/{user_id}", { ...of(userId), keepalive: true }));
