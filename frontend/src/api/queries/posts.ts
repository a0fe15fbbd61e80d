// Posts: feed, grids, one post, and what is done with it.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";
import type { components } from "../schema";

export const FEED_PAGE = 10; // `public/boot.js` asks for the first page with the same limit
const GRID_PAGE = 24;

export const feedQuery = infiniteQueryOptions({
  queryKey: keys.feed,
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/feed/home", { params: { query: pageQuery(FEED_PAGE, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
  // New posts are offered, they never push away what is being looked at. A follow asks for the feed anew.
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  refetchOnMount: (query) => query.state.isInvalidated,
});

/** How many posts the feed has gained since this moment; asked every minute while the page is in view. */
export const newerQuery = (since: string) =>
  queryOptions({
    queryKey: [...keys.newer, since],
    queryFn: () => take(api.GET("/api/v1/feed/home/newer", { params: { query: { since } } })),
    refetchInterval: 60_000,
    staleTime: 50_000,
  });

export const userPostsQuery = (userId: string) =>
  infiniteQueryOptions({
    queryKey: keys.userPosts(userId),
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/users/{user_id}/posts", {
          params: { path: { user_id: userId }, query: pageQuery(GRID_PAGE, pageParam) },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

export const savedQuery = infiniteQueryOptions({
  queryKey: keys.saved,
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/me/saved", { params: { query: pageQuery(GRID_PAGE, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

export const postQuery = (shortcode: string) =>
  queryOptions({
    queryKey: keys.post(shortcode),
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/v1/posts/by-code/{shortcode}", { params: { path: { shortcode } }, signal }),
      ),
  });

const of = (postId: string) => ({ params: { path: { post_id: postId } } });

export const setLiked = (postId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/posts/{post_id}/like", of(postId)))
    : take(api.DELETE("/api/v1/posts/{post_id}/like", of(postId)));

export const setSaved = (postId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/posts/{post_id}/save", of(postId)))
    : take(api.DELETE("/api/v1/posts/{post_id}/save", of(postId)));

export const likersQuery = (postId: string) =>
  infiniteQueryOptions({
    queryKey: keys.people("likes", postId),
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/posts/{post_id}/likes", {
          params: { path: { post_id: postId }, query: pageQuery(30, pageParam) },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

export type NewPost = components["schemas"]["PostCreateFormRequest"];

/** `key` makes a second try with the same post safe. */
export const createPost = (body: NewPost, key: string) =>
  take(api.POST("/api/v1/posts", { body, headers: { "Idempotency-Key": key } }));

export type PostChange = components["schemas"]["PatchedPostEditFormRequest"];

export const editPost = (postId: string, body: PostChange) =>
  take(api.PATCH("/api/v1/posts/{post_id}", { ...of(postId), body }));

export const deletePost = (postId: string) =>
  take(api.DELETE("/api/v1/posts/{post_id}", of(postId)));
