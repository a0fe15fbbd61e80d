// Other people: profiles, lists of followers, follow and block.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";

export const userQuery = (username: string) =>
  queryOptions({
    queryKey: keys.user(username),
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/users/lookup", { params: { query: { username } }, signal })),
  });

/** `q` narrows to people whose name has it. */
export const followersQuery = (userId: string, q = "") =>
  infiniteQueryOptions({
    queryKey: [...keys.people("followers", userId), q],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/users/{user_id}/followers", {
          params: {
            path: { user_id: userId },
            query: { ...pageQuery(30, pageParam), ...(q && { q }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

/** `q` narrows to people whose name has it. */
export const followingQuery = (userId: string, q = "") =>
  infiniteQueryOptions({
    queryKey: [...keys.people("following", userId), q],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/users/{user_id}/following", {
          params: {
            path: { user_id: userId },
            query: { ...pageQuery(30, pageParam), ...(q && { q }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

export function follow(userId: string) {
  return take(api.PUT("/api/v1/users/{user_id}/follow", { params: { path: { user_id: userId } } }));
}

export function unfollow(userId: string) {
  return take(
    api.DELETE("/api/v1/users/{user_id}/follow", { params: { path: { user_id: userId } } }),
  );
}

export function block(userId: string) {
  return take(api.PUT("/api/v1/users/{user_id}/block", { params: { path: { user_id: userId } } }));
}

export function unblock(userId: string) {
  return take(
    api.DELETE("/api/v1/users/{user_id}/block", { params: { path: { user_id: userId } } }),
  );
}
