"""The grid of a profile: what its author pinned, then the rest by time."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, IntegerField, QuerySet
from psycopg.rows import args_row

from accounts.selectors import is_open_to, user_for
from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from posts.constants import PINNED_MAX
from posts.models import NOBODY, Post, PostQuerySet
from posts.selectors.rows import (
    TOP,
    VIEWER,
    columns,
    past_position,
    position_of,
    size_for,
    time_order,
)
from posts.shapes import PostRow

#: Behind the last place that can be pinned.
UNPINNED = PINNED_MAX + 1


class GridPosition(NamedTuple):
    """Where a post stands in a grid: its pinned place or UNPINNED, then its time."""

    pin: int
    published_at: datetime
    post_id: int


def grid_position_of(row: PostRow) -> GridPosition:
    """Where a published post stands."""
    return GridPosition(row.pinned_pos or UNPINNED, *position_of(row))


def profile_posts(
    *,
    viewer: Viewer,
    user_id: int,
    position: GridPosition | None,
    is_backward: bool,
    limit: int,
) -> list[PostRow]:
    """At most `limit` posts of a person past `position`, in reading direction.

    One query, one more when reading back to the beginning, and two more where there is nothing:
    NotFoundError for somebody who is not visible, and for a private account that the viewer does
    not follow.
    """
    slots = {"viewer": viewer.id or NOBODY, "author": user_id}
    read = _before if is_backward else _after
    rows = read(slots, position, limit)
    if not rows and not is_open_to(viewer=viewer, user=user_for(viewer=viewer, user_id=user_id)):
        raise NotFoundError
    return rows[:limit]


def _after(slots: dict[str, int], position: GridPosition | None, limit: int) -> list[PostRow]:
    at = position or GridPosition(0, *TOP)
    if at.pin == UNPINNED:
        rows: list[PostRow] = _rest(size_for(limit), False)(**slots, at=at[1], id=at[2])  # noqa: FBT003
        return rows
    rows = _beginning(size_for(limit))(**slots, pin=at.pin, at=TOP[0], id=TOP[1])
    # Stable: the rest stays in the order in which it was read.
    return sorted(rows, key=lambda row: row.pinned_pos or UNPINNED)


def _before(slots: dict[str, int], position: GridPosition | None, limit: int) -> list[PostRow]:
    if position is None:
        return []
    rows: list[PostRow] = []
    if position.pin == UNPINNED:
        at = {"at": position.published_at, "id": position.post_id}
        rows = _rest(size_for(limit), True)(**slots, **at)  # noqa: FBT003
    if len(rows) < limit:
        rows += _pins_before()(**slots, pin=position.pin)
    return rows


@cache
def _beginning(size: int) -> CompiledQuery:
    """Pinned ones behind `pin`, and the newest others: two short walks along an index each."""

    def build() -> Any:
        pinned = _posts().filter(pinned_pos__gt=P("pin", IntegerField())).order_by("pinned_pos")
        others = _unpinned(size, is_backward=False)
        return columns(pinned).union(others, all=True)

    return CompiledQuery(build, row=args_row(PostRow))


@cache
def _rest(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    """What is not pinned, by time."""
    return CompiledQuery(lambda: _unpinned(size, is_backward=is_backward), row=args_row(PostRow))


@cache
def _pins_before() -> CompiledQuery:
    """Pinned ones before `pin`, the last first."""

    def build() -> Any:
        before = _posts().filter(pinned_pos__lt=P("pin", IntegerField()))
        return columns(before).order_by("-pinned_pos")

    return CompiledQuery(build, row=args_row(PostRow))


def _unpinned(size: int, *, is_backward: bool) -> "QuerySet[Post, Any]":
    past = past_position(is_backward=is_backward)
    posts = _posts().filter(past, pinned_pos__isnull=True)
    return columns(posts).order_by(*time_order(is_backward=is_backward))[:size]


def _posts() -> PostQuerySet:
    return Post.objects.visible_to_id(VIEWER).filter(author=P("author", BigIntegerField()))
