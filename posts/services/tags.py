"""Hashtags follow the published posts that carry them; the numbers change in the same statement."""

from collections.abc import Collection
from typing import Any, Final

from django.db import connection, transaction

from core.errors import RuleError
from posts.constants import FOLLOWED_TAGS_MAX, PostState
from posts.models import Hashtag, Post, PostHashtag, TagFollow
from posts.services.rules import author_locked

# Tags are made and held in one order before any is counted, so that posts with the same ones never
# wait in a ring, and none is forgotten under a hand that reaches for it.
_HOLD: Final = """
INSERT INTO posts_hashtag (name, posts_count, created_at)
SELECT name, 0, now() FROM unnest(%s::varchar[]) AS name ORDER BY name
ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name
"""
# Only what everybody may see is counted.
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


def tags_sync(post: Post, *, is_public: bool) -> None:
    """Let the tags of a post, whose row the caller holds, be those of its caption while it is out."""
    wanted = set(post.hashtags) if post.state == PostState.PUBLISHED else set()
    gone = _names_of([post.pk]) - wanted
    if not (wanted or gone):
        return
    _hold(wanted | gone)
    slots: dict[str, Any] = {
        "names": sorted(wanted),
        "post": post.pk,
        "at": post.published_at,
        "public": is_public,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SYNC, slots)
    _forget(gone)


def tags_turn(post_ids: Collection[int], *, is_public: bool) -> None:
    """Count these posts at their tags, or count them no more."""
    names = _names_of(post_ids)
    if names:
        _hold(names)
        with connection.cursor() as cursor:
            cursor.execute(_TURN, {"posts": list(post_ids), "public": is_public})


@transaction.atomic
def tags_forget(names: Collection[str]) -> None:
    """Drop those of the names that nothing carries: one may tell of the person who alone used it."""
    _hold(names)
    _forget(names)


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
    _hold([name])
    TagFollow.objects.create(user_id=user_id, hashtag=Hashtag.objects.get(name=name))


def tag_unfollow(*, user_id: int, name: str) -> None:
    """Follow it no more; the second call changes nothing."""
    TagFollow.objects.filter(user=user_id, hashtag__name=name).delete()


def _names_of(post_ids: Collection[int]) -> set[str]:
    rows = PostHashtag.objects.filter(post__in=post_ids)
    return set(rows.values_list("hashtag__name", flat=True))


def _hold(names: Collection[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(names)])


def _forget(names: Collection[str]) -> None:
    """The names are held: whoever would use one waits, and finds it gone."""
    if names:
        Hashtag.objects.filter(name__in=names, uses__isnull=True, follows__isnull=True).delete()
