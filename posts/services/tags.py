"""Hashtags follow the published posts that carry them; the numbers change in the same statement."""

from collections.abc import Collection
from typing import Any, Final

from django.db import connection, transaction

from core.errors import RuleError
from posts.constants import FOLLOWED_TAGS_MAX, PostState
from posts.models import Hashtag, Post, TagFollow
from posts.services.rules import author_locked

# Tags are held in one order before any is counted, so that posts with the same ones never wait in
# a ring. Only what everybody may see is counted.
_HOLD: Final = """
SELECT id FROM posts_hashtag
WHERE name = ANY(%(names)s::varchar[])
OR id IN (SELECT hashtag_id FROM posts_posthashtag WHERE post_id = ANY(%(posts)s::bigint[]))
ORDER BY id FOR NO KEY UPDATE
"""
_SYNC: Final = """
WITH wanted AS (
    SELECT id FROM posts_hashtag WHERE name = ANY(%(names)s::varchar[])
), gone AS (
    DELETE FROM posts_posthashtag
    WHERE post_id = %(post)s AND hashtag_id NOT IN (SELECT id FROM wanted)
    RETURNING hashtag_id, is_public
), added AS (
    INSERT INTO posts_posthashtag (hashtag_id, post_id, published_at, is_public)
    SELECT id, %(post)s, %(at)s, %(public)s FROM wanted
    ON CONFLICT DO NOTHING RETURNING hashtag_id
), turned AS (
    UPDATE posts_posthashtag SET is_public = %(public)s
    WHERE post_id = %(post)s AND hashtag_id IN (SELECT id FROM wanted) AND is_public <> %(public)s
    RETURNING hashtag_id
), moved AS (
    SELECT hashtag_id, -1 AS step FROM gone WHERE is_public
    UNION ALL SELECT hashtag_id, 1 FROM added WHERE %(public)s
    UNION ALL SELECT hashtag_id, CASE WHEN %(public)s THEN 1 ELSE -1 END FROM turned
)
UPDATE posts_hashtag SET posts_count = posts_count + moved.step
FROM moved WHERE posts_hashtag.id = moved.hashtag_id
"""
_TURN: Final = """
WITH turned AS (
    UPDATE posts_posthashtag SET is_public = %(public)s
    WHERE post_id = ANY(%(posts)s::bigint[]) AND is_public <> %(public)s RETURNING hashtag_id
), moved AS (
    SELECT hashtag_id, count(*) * CASE WHEN %(public)s THEN 1 ELSE -1 END AS step
    FROM turned GROUP BY hashtag_id
)
UPDATE posts_hashtag SET posts_count = posts_count + moved.step
FROM moved WHERE posts_hashtag.id = moved.hashtag_id
"""
# A name may tell of the person who alone used it.
_FORGET: Final = """
DELETE FROM posts_hashtag h WHERE h.id = ANY(%(tags)s::bigint[])
AND NOT EXISTS (SELECT FROM posts_posthashtag u WHERE u.hashtag_id = h.id)
AND NOT EXISTS (SELECT FROM posts_tagfollow f WHERE f.hashtag_id = h.id)
"""


def tags_sync(post: Post, *, is_public: bool) -> None:
    """Let the tags of a post, whose row the caller holds, be those of its caption while it is out."""
    names = sorted(post.hashtags) if post.state == PostState.PUBLISHED else []
    Hashtag.objects.bulk_create((Hashtag(name=name) for name in names), ignore_conflicts=True)
    slots: dict[str, Any] = {"names": names, "posts": [post.pk], "post": post.pk}
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, slots)
        if cursor.rowcount:
            cursor.execute(_SYNC, {**slots, "at": post.published_at, "public": is_public})


def tags_turn(post_ids: Collection[int], *, is_public: bool) -> None:
    """Count these posts at their tags, or count them no more."""
    slots: dict[str, Any] = {"names": [], "posts": list(post_ids), "public": is_public}
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, slots)
        if cursor.rowcount:
            cursor.execute(_TURN, slots)


def tags_forget(post_ids: Collection[int]) -> None:
    """Before posts are erased: count them no more, and drop the names that nothing else carries."""
    tags_turn(post_ids, is_public=False)
    uses = Hashtag.objects.filter(uses__post__in=post_ids)
    tags = sorted(set(uses.values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM posts_posthashtag WHERE post_id = ANY(%s::bigint[])", [list(post_ids)]
        )
        cursor.execute(_FORGET, {"tags": tags})


@transaction.atomic
def tag_follow(*, user_id: int, name: str) -> None:
    """Follow a tag, used or not; the second call changes nothing.

    Raises RuleError `tag_follow_limit` above FOLLOWED_TAGS_MAX.
    """
    author_locked(user_id)  # so that two at once cannot pass the limit together
    own = TagFollow.objects.filter(user=user_id)
    if own.filter(hashtag__name=name).exists():
        return
    if own.count() >= FOLLOWED_TAGS_MAX:
        message = f"You follow {FOLLOWED_TAGS_MAX} hashtags already."
        raise RuleError(message, code="tag_follow_limit")
    hashtag, _ = Hashtag.objects.get_or_create(name=name)
    TagFollow.objects.create(user_id=user_id, hashtag=hashtag)


def tag_unfollow(*, user_id: int, name: str) -> None:
    """Follow it no more; the second call changes nothing."""
    TagFollow.objects.filter(user=user_id, hashtag__name=name).delete()
