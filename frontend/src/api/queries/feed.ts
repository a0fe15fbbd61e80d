// The place in the home feed, kept by the server for all devices, and what is left out of feeds.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../client";
import { keys } from "../keys";

/** Where one was reading, on whatever device; null when nowhere yet. */
export const markerQuery = queryOptions({
  queryKey: keys.markers,
  queryFn: async () => (await take(api.GET("/api/v1/me/markers"))).home,
  staleTime: Number.POSITIVE_INFINITY,
});

/** `keepalive`: the page may be on its way out. */
export const keepMarker = (postId: string) =>
  take(api.PUT("/api/v1/me/markers", { body: { home: { post_id: postId } }, keepalive: true }));

export const hiddenWordsQuery = queryOptions({
  queryKey: keys.hiddenWords,
  queryFn: async () => (await take(api.GET("/api/v1/me/hidden-words"))).results,
});

export const setWordHidden = (word: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/me/hidden-words/{word}", { params: { path: { word } } }))
    : take(api.DELETE("/api/v1/me/hidden-words/{word}", { params: { path: { word } } }));

export const mutedTagsQuery = queryOptions({
  queryKey: keys.mutedTags,
  queryFn: async () => (await take(api.GET("/api/v1/me/muted-tags"))).results,
});

export const setTagMuted = (name: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/me/muted-tags/{name}", { params: { path: { name } } }))
    : take(api.DELETE("/api/v1/me/muted-tags/{name}", { params: { path: { name } } }));
