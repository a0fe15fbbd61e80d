// Collections of saved posts.
import { queryOptions } from "@tanstack/react-query";
import { uuid } from "@/lib/uuid";
import { api, take } from "../client";
import { keys } from "../keys";
import { paged } from "./pages";

const MANY = 50;

const of = (id: string) => ({ params: { path: { collection_id: id } } });
const both = (id: string, postId: string) => ({
  params: { path: { collection_id: id, post_id: postId } },
});

export const collectionsQuery = paged(
  keys.collections,
  (query) => take(api.GET("/api/v1/collections", { params: { query } })),
  MANY,
);

export const collectionQuery = (id: string) =>
  queryOptions({
    queryKey: keys.collection(id),
    queryFn: () => take(api.GET("/api/v1/collections/{collection_id}", of(id))),
  });

export const collectionPostsQuery = (id: string) =>
  paged(keys.collectionPosts(id), (query) =>
    take(
      api.GET("/api/v1/collections/{collection_id}/posts", {
        params: { path: { collection_id: id }, query },
      }),
    ),
  );

export const createCollection = (name: string) =>
  take(api.POST("/api/v1/collections", { body: { name }, headers: { "Idempotency-Key": uuid() } }));

export const editCollection = (id: string, body: { name?: string; cover_post_id?: string }) =>
  take(api.PATCH("/api/v1/collections/{collection_id}", { ...of(id), body }));

export const deleteCollection = (id: string) =>
  take(api.DELETE("/api/v1/collections/{collection_id}", of(id)));

export const orderCollections = (ids: string[]) =>
  take(api.PUT("/api/v1/collections/order", { body: { collection_ids: ids } }));

export const orderCollection = (id: string, postIds: string[]) =>
  take(
    api.PUT("/api/v1/collections/{collection_id}/order", {
      ...of(id),
      body: { post_ids: postIds },
    }),
  );

/** Saves the post, too. */
export const setCollected = (id: string, postId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/collections/{collection_id}/posts/{post_id}", both(id, postId)))
    : take(api.DELETE("/api/v1/collections/{collection_id}/posts/{post_id}", both(id, postId)));
