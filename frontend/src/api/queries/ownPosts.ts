// One's own posts that are not out, the bin, what one liked, and what leads from one to the other.
import { api, take } from "../client";
import { keys } from "../keys";
import { paged } from "./pages";

const of = (postId: string) => ({ params: { path: { post_id: postId } } });

export const draftsQuery = paged(keys.own("drafts"), (query) =>
  take(api.GET("/api/v1/me/drafts", { params: { query } })),
);

export const scheduledQuery = paged(keys.own("scheduled"), (query) =>
  take(api.GET("/api/v1/me/scheduled", { params: { query } })),
);

export const archiveQuery = paged(keys.own("archive"), (query) =>
  take(api.GET("/api/v1/me/archive", { params: { query } })),
);

export const likedQuery = paged(keys.own("liked"), (query) =>
  take(api.GET("/api/v1/me/liked", { params: { query } })),
);

export const binQuery = paged(keys.own("bin"), (query) =>
  take(api.GET("/api/v1/me/deleted", { params: { query } })),
);

/** What a post showed before each edit, the latest first. */
export const historyQuery = (postId: string) =>
  paged(keys.history(postId), (query) =>
    take(
      api.GET("/api/v1/posts/{post_id}/history", {
        params: { path: { post_id: postId }, query },
      }),
    ),
  );

export const publishPost = (postId: string) =>
  take(api.POST("/api/v1/posts/{post_id}/publish", of(postId)));

export const restorePost = (postId: string) =>
  take(api.POST("/api/v1/posts/{post_id}/restore", of(postId)));

/** Out of the bin, for good. */
export const discardPost = (postId: string) =>
  take(api.DELETE("/api/v1/me/deleted/{post_id}", of(postId)));

export const setArchived = (postId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/posts/{post_id}/archive", of(postId)))
    : take(api.DELETE("/api/v1/posts/{post_id}/archive", of(postId)));

export const setPinned = (postId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/posts/{post_id}/pin", of(postId)))
    : take(api.DELETE("/api/v1/posts/{post_id}/pin", of(postId)));
