"""Likes and saves: the row and its counter are one statement, so twenty at once count right."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from core.events import publish
from core.sql import run_hot
from posts.events import PostLiked, PostUnliked
from posts.models import Collection, CollectionPost, Post
from posts.services.counts import post_counts_push

# Each returns the new count, or no row if nothing changed.
_LIKE: Final = """
WITH added AS (
    INSERT INTO posts_like (post_id, user_id, created_at)
    SELECT id, %(actor)s::bigint, now() FROM posts_post
    WHERE id = %(post)s::bigint AND state = 'published'
    ON CONFLICT DO NOTHING RETURNING post_id
)
UPDATE posts_post SET likes_count = likes_count + 1
WHERE id IN (SELECT post_id FROM added) RETURNING likes_count AS count
"""
_UNLIKE: Final = """
WITH gone AS (
    DELETE FROM posts_like
    WHERE post_id = %(post)s::bigint AND user_id = %(actor)s::bigint RETURNING post_id
)
UPDATE posts_post SET likes_count = likes_count - 1
WHERE id IN (SELECT post_id FROM gone) RETURNING likes_count AS count
"""
_SAVE: Final = _LIKE.replace("posts_like", "posts_save").replace("likes_count", "saves_count")
_UNSAVE: Final = _UNLIKE.replace("posts_like", "posts_save").replace("likes_count", "saves_count")


@dataclass(frozen=True, slots=True)
class PostLikeState:
    """How a like toggle left things; the count is None where the author hides it."""

    liked: bool
    likes_count: int | None


@transaction.atomic
def post_like(*, actor_id: int, post: Post) -> PostLikeState:
    """Like once; the second call changes nothing."""
    count = _toggle(_LIKE, actor_id, post)
    if count is not None:
        publish(PostLiked(post_id=post.pk, author_id=post.author_id, actor_id=actor_id))
        post_counts_push(post_id=post.pk)
    return _like_state(actor_id, post, count, liked=True)


@transaction.atomic
def post_unlike(*, actor_id: int, post: Post) -> PostLikeState:
    """Take a like back; the second call changes nothing."""
    count = _toggle(_UNLIKE, actor_id, post)
    if count is not None:
        publish(PostUnliked(post_id=post.pk, author_id=post.author_id, actor_id=actor_id))
        post_counts_push(post_id=post.pk)
    return _like_state(actor_id, post, count, liked=False)


@transaction.atomic
def post_save(*, actor_id: int, post: Post) -> None:
    """Keep a post in one's own list; the second call changes nothing."""
    _toggle(_SAVE, actor_id, post)


@transaction.atomic
def post_unsave(*, actor_id: int, post: Post) -> None:
    """Take it off the list, and out of one's collections; the second call changes nothing."""
    _toggle(_UNSAVE, actor_id, post)
    Collection.objects.filter(owner=actor_id, cover=post).update(cover=None)
    CollectionPost.objects.filter(collection__owner=actor_id, post=post).delete()


def _toggle(statement: str, actor_id: int, post: Post) -> int | None:
    rows: list[dict[str, Any]] = run_hot(statement, {"post": post.pk, "actor": actor_id})
    return int(rows[0]["count"]) if rows else None


def _like_state(actor_id: int, post: Post, count: int | None, *, liked: bool) -> PostLikeState:
    is_hidden = post.hide_like_count and post.author_id != actor_id
    shown = post.likes_count if count is None else count
    return PostLikeState(liked=liked, likes_count=None if is_hidden else shown)
