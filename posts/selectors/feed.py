"""The home feed by adaptive pull: no stored copy, so a follow, block or mute holds at once.

Up to FOLLOWS_MANY followees: the newest visible post of each by the index, the authors with the
newest of these, then what is newest among their posts; more authors than a page has rows cannot
be on it. Above: the newest WINDOW posts of everybody, of which the followed ones are kept; where
these are too few, the first way. Followed tags add the newest of each. Both ways give the same
rows; tests hold them against one plain query.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db.models import QuerySet

from accounts.shapes import Hiding
from core.sql import CompiledQuery, NamedSQL
from core.viewer import Viewer
from posts.models import Post
from posts.selectors.feed_sql import BY_AUTHOR, BY_WINDOW, statement
from posts.selectors.hiding import of_viewer, read_shown
from posts.selectors.rows import TOP, Position, columns, position_of, size_for, time_order
from posts.shapes import PostRow

WINDOW: Final = 2_000
NEWER_MAX: Final = 50


def home_feed(
    *,
    viewer: Viewer,
    position: Position | None,
    is_backward: bool,
    limit: int,
    window: int = WINDOW,
) -> list[PostRow]:
    """At most `limit` posts of followed people and tags and one's own, past `position`.

    Newest first, in reading direction, without what the viewer hides. One statement; a second one
    where the window was too short, and more for pages that what is hidden left holes in.
    """
    is_hidden = _is_hidden_from(viewer)
    rows = read_shown(
        lambda past: _read(
            viewer, past or TOP, is_backward=is_backward, limit=limit, window=window
        ),
        position=position,
        limit=limit,
        is_hidden=lambda found: is_hidden(*found),
        position_of=lambda found: position_of(found[0]),
    )
    return [row for row, _, _ in rows[:limit]]


def home_feed_newer_count(*, viewer: Viewer, since: datetime) -> int:
    """How many posts of the home feed were published after `since`, at most NEWER_MAX."""
    position = Position(since, TOP.post_id)
    return len(home_feed(viewer=viewer, position=position, is_backward=True, limit=NEWER_MAX))


# A post, and what the viewer hides: words and tags, the same in each row.
FeedRow = tuple[PostRow, list[str] | None, list[str] | None]


def _read(
    viewer: Viewer, past: Position, *, is_backward: bool, limit: int, window: int
) -> list[FeedRow]:
    size = size_for(limit)
    slots = {"viewer": viewer.pk, "at": past.published_at, "id": past.post_id}
    if viewer.follows_many:
        rows: list[FeedRow] = _window_query(size, window, is_backward)(**slots)
        if len(rows) >= limit:
            return rows
    return _author_query(size, is_backward)(**slots)


def _is_hidden_from(viewer: Viewer) -> Callable[..., bool]:
    """Whether a post has words or tags that the viewer hides; their own never have."""
    kept: list[Hiding | None] = []

    def is_hidden(row: PostRow, words: list[str] | None, tags: list[str] | None) -> bool:
        if (not words and not tags) or row.author_id == viewer.id:
            return False
        if not kept:
            kept.append(Hiding.of(words, tags))
        hiding = kept[0]
        return hiding is not None and hiding.hides(row.caption, row.hashtags)

    return is_hidden


@cache
def _author_query(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    return _query(statement(BY_AUTHOR, is_backward=is_backward, size=size), is_backward)


@cache
def _window_query(size: int, window: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    text = statement(BY_WINDOW, is_backward=is_backward, size=size, window=window)
    return _query(text, is_backward)


def _query(ids: str, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    def build() -> "QuerySet[Post, tuple[Any, ...]]":
        chosen = columns(Post.objects.filter(pk__in=NamedSQL(ids)))
        hiding = chosen.annotate(hidden_words=of_viewer("words"), muted_tags=of_viewer("tags"))
        return hiding.order_by(*time_order(is_backward=is_backward))

    return CompiledQuery(build, row=_feed_row)


def _feed_row(cursor: Any) -> Callable[[Any], FeedRow]:
    def make(values: Any) -> FeedRow:
        return PostRow._make(values[:-2]), values[-2], values[-1]

    return make
