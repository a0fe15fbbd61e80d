"""The home feed by adaptive pull: no stored copy, so a follow, block or mute holds at once.

Up to FOLLOWEES_MAX followees: the newest visible post of each by the index, the authors with the
newest of these, then what is newest among their posts; more authors than a page has rows cannot
be on it. Above: the newest WINDOW posts of everybody, of which the followed ones are kept; where
these are too few, the first way. Both give the same rows; tests hold them against one plain query.
"""

from datetime import datetime
from functools import cache
from string import Template
from typing import Any, Final

from django.db.models import QuerySet
from psycopg.rows import args_row, scalar_row

from accounts.models import User
from core.sql import CompiledQuery, NamedSQL
from core.viewer import Viewer
from posts.models import Post
from posts.selectors.rows import (
    TOP,
    VIEWER,
    Position,
    columns,
    size_for,
    time_order,
)
from posts.shapes import PostRow

# Above so many followees a look at the window is cheaper than at each of them (docs/adr/0010).
FOLLOWEES_MAX: Final = 200
WINDOW: Final = 2_000
NEWER_MAX: Final = 50

# Asked only for authors who would be on the page, newest first: `candidate` is sorted, and OFFSET 0
# keeps the planner from asking before. Each sub-query is scalar: a
# prepared EXISTS would read all of the viewer's relations.
_AUTHOR_IS_SHOWN: Final = """
    (SELECT u.state FROM accounts_user u WHERE u.id = candidate.author_id) IN ('active', 'limited')
    AND (
        SELECT 1 FROM accounts_relation r
        WHERE r.owner_id = %(viewer)s::bigint AND r.target_id = candidate.author_id
        AND r.kind IN ('block', 'mute')
        AND (r.kind = 'block' OR (
            r.scopes @> '["posts"]' AND (r.until IS NULL OR r.until > statement_timestamp())
        ))
        LIMIT 1
    ) IS NULL
    AND (
        SELECT 1 FROM accounts_relation r
        WHERE r.owner_id = candidate.author_id AND r.kind = 'block'
        AND r.target_id = %(viewer)s::bigint
        LIMIT 1
    ) IS NULL
"""
# Whom the viewer follows, and the narrowest audience of theirs that they belong to.
_REACH: Final = """
WITH reach AS MATERIALIZED (
    SELECT f.followee_id AS author_id, CASE WHEN f.followee_id IN (
        SELECT r.owner_id FROM accounts_relation r
        WHERE r.target_id = %(viewer)s::bigint AND r.kind = 'close_friend'
    ) THEN 2 ELSE 1 END AS audience
    FROM accounts_follow f
    WHERE f.follower_id = %(viewer)s::bigint AND f.state = 'active'
    UNION ALL
    SELECT %(viewer)s::bigint, 3
)
"""
_BY_AUTHOR: Final = Template("""
$reach, author AS MATERIALIZED (
    SELECT candidate.author_id, candidate.audience
    FROM (
        SELECT reach.author_id, reach.audience
        FROM reach CROSS JOIN LATERAL (
            SELECT p.published_at, p.id FROM posts_post p
            WHERE p.author_id = reach.author_id AND p.state = 'published'
            AND p.audience <= reach.audience
            AND (p.published_at, p.id) $past (%(at)s::timestamptz, %(id)s::bigint)
            ORDER BY p.published_at $order, p.id $order LIMIT 1
        ) newest
        ORDER BY newest.published_at $order, newest.id $order
        OFFSET 0
    ) candidate
    WHERE $author_is_shown
    LIMIT $size
)
SELECT post.id
FROM author CROSS JOIN LATERAL (
    SELECT p.published_at, p.id FROM posts_post p
    WHERE p.author_id = author.author_id AND p.state = 'published'
    AND p.audience <= author.audience
    AND (p.published_at, p.id) $past (%(at)s::timestamptz, %(id)s::bigint)
    ORDER BY p.published_at $order, p.id $order LIMIT $size
) post
ORDER BY post.published_at $order, post.id $order
LIMIT $size
""")
_BY_WINDOW: Final = Template("""
$reach
SELECT candidate.id
FROM (
    SELECT recent.id, recent.author_id
    FROM (
        SELECT p.published_at, p.id, p.author_id, p.audience FROM posts_post p
        WHERE p.state = 'published'
        AND (p.published_at, p.id) $past (%(at)s::timestamptz, %(id)s::bigint)
        ORDER BY p.published_at $order, p.id $order LIMIT $window
    ) recent
    JOIN reach ON reach.author_id = recent.author_id AND recent.audience <= reach.audience
    ORDER BY recent.published_at $order, recent.id $order
    OFFSET 0
) candidate
WHERE $author_is_shown
LIMIT $size
""")


def home_feed(
    *,
    viewer: Viewer,
    position: Position | None,
    is_backward: bool,
    limit: int,
    followees_max: int = FOLLOWEES_MAX,
    window: int = WINDOW,
) -> list[PostRow]:
    """At most `limit` posts of the followed and one's own past `position`, in reading direction.

    Newest first. Two statements, a third where the window was too short.
    """
    at, post_id = position or TOP
    size = size_for(limit)
    slots = {"viewer": viewer.pk, "at": at, "id": post_id}
    if _followees(viewer.pk) > followees_max:
        rows: list[PostRow] = _window_query(size, window, is_backward)(**slots)
        if len(rows) >= limit:
            return rows[:limit]
    rows = _author_query(size, is_backward)(**slots)
    return rows[:limit]


def home_feed_newer_count(*, viewer: Viewer, since: datetime) -> int:
    """How many posts of the home feed were published after `since`, at most NEWER_MAX."""
    position = Position(since, TOP.post_id)
    return len(home_feed(viewer=viewer, position=position, is_backward=True, limit=NEWER_MAX))


def _followees(viewer_id: int) -> int:
    """The counter of the viewer's row: if it is off, the other way only costs more time."""
    (count,) = _followees_query(viewer=viewer_id) or (0,)
    return int(count)


_followees_query = CompiledQuery(
    lambda: User.objects.filter(pk=VIEWER).values_list("following_count"), row=scalar_row
)


@cache
def _author_query(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    return _query(_BY_AUTHOR, is_backward, size=size)


@cache
def _window_query(size: int, window: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    return _query(_BY_WINDOW, is_backward, size=size, window=window)


def _query(ids: Template, is_backward: bool, **sizes: int) -> CompiledQuery:  # noqa: FBT001
    text = ids.substitute(
        past=">" if is_backward else "<",
        order="ASC" if is_backward else "DESC",
        reach=_REACH,
        author_is_shown=_AUTHOR_IS_SHOWN,
        **sizes,
    )

    def build() -> "QuerySet[Post, tuple[Any, ...]]":
        chosen = Post.objects.filter(pk__in=NamedSQL(text))
        return columns(chosen).order_by(*time_order(is_backward=is_backward))

    return CompiledQuery(build, row=args_row(PostRow))
