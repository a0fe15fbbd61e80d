// The list of notifications and what has been seen of it.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";

export const notificationsQuery = infiniteQueryOptions({
  queryKey: keys.notifications,
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/notifications", { params: { query: pageQuery(20, pageParam) } })),
  refetchOnMount: "always", // what was taken back is not told by the socket
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

/** `upTo` is the `updated_at` of the newest one that was shown. */
export const markNotificationsSeen = (upTo: string) =>
  take(api.PUT("/api/v1/notifications/seen", { body: { up_to: upTo } }));
