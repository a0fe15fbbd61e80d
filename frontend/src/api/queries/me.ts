// The signed-in person: profile, avatar, requests to follow, blocked people, counts of what waits.
import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { useStore } from "@/lib/store";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";
import { queryClient } from "../queryClient";
import type { components } from "../schema";
import { session } from "../session";
import type { Badges, Me } from "../types";
import { upload } from "../upload";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => take(api.GET("/api/v1/me")),
  staleTime: 5 * 60_000,
});

/** The signed-in person, or undefined while loading and for visitors. */
export function useMe(): Me | undefined {
  const status = useStore(session.status);
  return useQuery({ ...meQuery, enabled: status === "signed-in" }).data;
}

function keepMe(me: Me): Me {
  queryClient.setQueryData(keys.me, me);
  void queryClient.invalidateQueries({ queryKey: keys.user(me.username) });
  return me;
}

export interface ProfileChange {
  readonly display_name?: string;
  readonly bio?: string;
  readonly pronouns?: string;
  readonly links?: string[];
  readonly is_private?: boolean;
}

export async function changeMe(body: ProfileChange): Promise<Me> {
  return keepMe(await take(api.PATCH("/api/v1/me", { body })));
}

export type PrivacyChoice = components["schemas"]["PatchedSettingsFormRequest"];

export async function changeSettings(body: PrivacyChoice): Promise<void> {
  const settings = await take(api.PATCH("/api/v1/me/settings", { body }));
  queryClient.setQueryData<Me>(keys.me, (me) => me && { ...me, settings });
}

/** The old name leads to the new one; what shows it is asked for anew. */
export async function changeUsername(username: string): Promise<Me> {
  const me = keepMe(await take(api.PUT("/api/v1/me/username", { body: { username } })));
  void queryClient.invalidateQueries({ refetchType: "none" });
  return me;
}

export async function setAvatar(file: File): Promise<void> {
  const form = new FormData();
  form.append("file", file);
  await upload("PUT", "/api/v1/me/avatar", form).answer;
  await queryClient.invalidateQueries({ queryKey: keys.me });
  await queryClient.invalidateQueries({ queryKey: ["user"] });
}

export async function removeAvatar(): Promise<void> {
  await take(api.DELETE("/api/v1/me/avatar"));
  await queryClient.invalidateQueries({ queryKey: keys.me });
  await queryClient.invalidateQueries({ queryKey: ["user"] });
}

export const badgesQuery = queryOptions({
  queryKey: keys.badges,
  queryFn: () => take(api.GET("/api/v1/me/badges")),
  staleTime: Number.POSITIVE_INFINITY, // the socket keeps it true
});

export function useBadges(): Badges | undefined {
  const status = useStore(session.status);
  return useQuery({ ...badgesQuery, enabled: status === "signed-in" }).data;
}

const NO_BADGES: Badges = {
  messages: 0,
  message_requests: 0,
  notifications: 0,
  follow_requests: 0,
};

/** Changes some of the counts that wait. */
export function changeBadges(change: (badges: Badges) => Partial<Badges>): void {
  queryClient.setQueryData<Badges>(keys.badges, (badges = NO_BADGES) => ({
    ...badges,
    ...change(badges),
  }));
}

export const followRequestsQuery = infiniteQueryOptions({
  queryKey: keys.people("requests", "me"),
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/me/follow-requests", { params: { query: pageQuery(30, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

/** The newest who wait, not from the cache. */
export async function waitingRequests(): Promise<string[]> {
  const query = pageQuery(50, undefined);
  const page = await take(api.GET("/api/v1/me/follow-requests", { params: { query } }));
  return page.results.map((person) => person.id);
}

/** Only tells the server; what is shown is for the caller to renew. */
export const acceptRequest = (userId: string) =>
  take(
    api.POST("/api/v1/follow-requests/{user_id}/accept", {
      params: { path: { user_id: userId } },
    }),
  );

export async function answerRequest(userId: string, answer: "accept" | "decline"): Promise<void> {
  const params = { params: { path: { user_id: userId } } };
  await (answer === "accept"
    ? acceptRequest(userId)
    : take(api.POST("/api/v1/follow-requests/{user_id}/decline", params)));
  changeBadges((badges) => ({ follow_requests: Math.max(0, badges.follow_requests - 1) }));
  await queryClient.invalidateQueries({ queryKey: ["people"] });
  await queryClient.invalidateQueries({ queryKey: keys.me });
}

export const blocksQuery = infiniteQueryOptions({
  queryKey: keys.people("blocks", "me"),
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/me/blocks", { params: { query: pageQuery(30, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});
