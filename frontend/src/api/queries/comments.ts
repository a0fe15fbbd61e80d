// Comments on a post and their replies.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";

const PAGE = 20;

export type CommentOrder = "newest" | "top";

const commentsPage = (postId: string, sort: CommentOrder, cursor: string | undefined) =>
  take(
    api.GET("/api/v1/posts/{post_id}/comments", {
      params: { path: { post_id: postId }, query: { ...pageQuery(PAGE, cursor), sort } },
    }),
  );

export const commentsQuery = (postId: string, sort: CommentOrder) =>
  infiniteQueryOptions({
    queryKey: [...keys.roots(postId), sort],
    queryFn: ({ pageParam }) => commentsPage(postId, sort, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

export const repliesQuery = (postId: string, rootId: string) =>
  infiniteQueryOptions({
    queryKey: keys.replies(postId, rootId),
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/comments/{comment_id}/replies", {
          params: { path: { comment_id: rootId }, query: pageQuery(PAGE, pageParam) },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
  });

/** The newest of a post, not from the cache. */
export const newestComments = async (postId: string) =>
  (await commentsPage(postId, "newest", undefined)).results;

/** `key` makes a second try with the same words safe. */
export const createComment = (postId: string, body: string, parentId: string | null, key: string) =>
  take(
    api.POST("/api/v1/posts/{post_id}/comments", {
      params: { path: { post_id: postId } },
      body: parentId ? { body, parent_id: parentId } : { body },
      headers: { "Idempotency-Key": key },
    }),
  );

const of = (commentId: string) => ({ params: { path: { comment_id: commentId } } });

export const editComment = (commentId: string, body: string) =>
  take(api.PATCH("/api/v1/comments/{comment_id}", { ...of(commentId), body: { body } }));

export const readComment = (commentId: string) =>
  take(api.GET("/api/v1/comments/{comment_id}", of(commentId)));

/** `keepalive`: the page may be on its way out. */
export const deleteComment = (commentId: string) =>
  take(api.DELETE("/api/v1/comments/{comment_id}", { ...of(commentId), keepalive: true }));

export const approveComment = (commentId: string) =>
  take(api.POST("/api/v1/comments/{comment_id}/approve", of(commentId)));

export const setCommentPinned = (commentId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/comments/{comment_id}/pin", of(commentId)))
    : take(api.DELETE("/api/v1/comments/{comment_id}/pin", of(commentId)));

export const setCommentLiked = (commentId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/comments/{comment_id}/like", of(commentId)))
    : take(api.DELETE("/api/v1/comments/{comment_id}/like", of(commentId)));

/** People whose name begins so: the followed first. */
export const mentionsQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.mentions, q],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/v1/mentions/suggest", { params: { query: { q } }, signal })))
        .results,
    staleTime: 60_000,
    retry: false,
  });
