"""Places that a viewer can find, and what was posted there."""

from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from psycopg.rows import args_row

from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from posts.constants import SUGGESTED_MAX
from posts.models import NOBODY, Place, Post
from posts.selectors.rows import TOP, VIEWER, Position, columns, past_position, size_for, time_order
from posts.shapes import PostRow


def findable_places(*, viewer: Viewer) -> QuerySet[Place]:
    """Places with a post that the viewer may see, and those that the viewer made.

    So a place of somebody's private life is not found by others.
    """
    shown = Post.objects.visible_to(viewer).filter(place=OuterRef("pk"))
    return Place.objects.filter(Q(created_by=viewer.id or NOBODY) | Exists(shown))


def places_named(*, viewer: Viewer, q: str) -> list[Place]:
    """At most SUGGESTED_MAX whose name has these letters; those that begin with them come first."""
    begins = Case(When(name__istartswith=q, then=Value(0)), default=Value(1))
    found = findable_places(viewer=viewer).filter(name__icontains=q)
    return list(found.order_by(begins, "name", "pk")[:SUGGESTED_MAX])


def place_for(*, viewer: Viewer, place_id: int) -> Place:
    """A place by id. Raises NotFoundError."""
    place = findable_places(viewer=viewer).filter(pk=place_id).first()
    if place is None:
        raise NotFoundError
    return place


def place_posts(
    *, viewer: Viewer, place_id: int, position: Position | None, is_backward: bool, limit: int
) -> list[PostRow]:
    """At most `limit` posts made there past `position`, in reading direction, newest first."""
    at, post_id = position or TOP
    query = _place_query(size_for(limit), is_backward)
    rows: list[PostRow] = query(viewer=viewer.id or NOBODY, place=place_id, at=at, id=post_id)
    return rows[:limit]


@cache
def _place_query(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    def build() -> "QuerySet[Post, tuple[Any, ...]]":
        posts = Post.objects.visible_to_id(VIEWER).filter(
            past_position(is_backward=is_backward), place=P("place", BigIntegerField())
        )
        return columns(posts).order_by(*time_order(is_backward=is_backward))[:size]

    return CompiledQuery(build, row=args_row(PostRow))
