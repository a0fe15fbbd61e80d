// Comments on a post and their replies.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";

const PAGE = 20;

export const commentsQuery = (postId: string) =>
  infiniteQueryOptions({
    queryKey: keys.comments(postId),
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/posts/{post_id}/comments", {
          params: { path: { post_id: postId }, query: pageQuery(PAGE, pageParam) },
        }),
      ),
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

export const deleteComment = (commentId: string) =>
  take(api.DELETE("/api/v1/comments/{comment_id}", of(commentId)));

export const setCommentLiked = (commentId: string, on: boolean) =>
  on
    ? take(api.PUT("/api/v1/comments/{comment_id}/like", of(commentId)))
    : take(api.DELETE("/api/v1/comments/{comment_id}/like", of(commentId)));
