// Hashtags, places, and the posts that show somebody.
import { queryOptions } from "@tanstack/react-query";
import { uuid } from "@/lib/uuid";
import { api, take } from "../client";
import { keys } from "../keys";
import { paged } from "./pages";

const named = (name: string) => ({ params: { path: { name } } });

export type TagSort = "recent" | "top";
export type TagState = "shown" | "pending";

export const tagQuery = (name: string) =>
  queryOptions({
    queryKey: keys.tag(name),
    queryFn: () => take(api.GET("/api/v1/tags/{name}", named(name))),
  });

export const tagPostsQuery = (name: string, sort: TagSort) =>
  paged(keys.tagPosts(name, sort), (query) =>
    take(
      api.GET("/api/v1/tags/{name}/posts", {
        params: { path: { name }, query: { ...query, sort } },
      }),
    ),
  );

export const setTagFollowed = (name: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/tags/{name}/follow", named(name)))
    : take(api.DELETE("/api/v1/tags/{name}/follow", named(name)));

export const followedTagsQuery = paged(
  keys.followedTags,
  (query) => take(api.GET("/api/v1/me/followed-tags", { params: { query } })),
  50,
);

/** At most ten places by part of their name. */
export const placesQuery = (q: string) =>
  queryOptions({
    queryKey: ["places", q],
    queryFn: ({ signal }) => take(api.GET("/api/v1/places", { params: { query: { q } }, signal })),
  });

export const createPlace = (name: string) =>
  take(api.POST("/api/v1/places", { body: { name }, headers: { "Idempotency-Key": uuid() } }));

export const placeQuery = (id: string) =>
  queryOptions({
    queryKey: keys.place(id),
    queryFn: () =>
      take(api.GET("/api/v1/places/{place_id}", { params: { path: { place_id: id } } })),
  });

export const placePostsQuery = (id: string) =>
  paged(keys.placePosts(id), (query) =>
    take(api.GET("/api/v1/places/{place_id}/posts", { params: { path: { place_id: id }, query } })),
  );

export const taggedQuery = (userId: string, state: TagState) =>
  paged(keys.tagged(userId, state), (query) =>
    take(
      api.GET("/api/v1/users/{user_id}/tagged", {
        params: { path: { user_id: userId }, query: { ...query, state } },
      }),
    ),
  );

export const leavePost = (postId: string) =>
  take(
    api.DELETE("/api/v1/posts/{post_id}/people-tags/me", { params: { path: { post_id: postId } } }),
  );

export const approveTag = (tagId: string) =>
  take(api.POST("/api/v1/people-tags/{tag_id}/approve", { params: { path: { tag_id: tagId } } }));
