"""Hashtags, what is posted with them, and which ones the viewer follows."""

from functools import cache
from string import Template
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
)
from psycopg.rows import args_row

from core.sql import CompiledQuery, NamedSQL, P
from core.viewer import Viewer
from posts.constants import TOP_WINDOW, TagSort
from posts.models import NOBODY, Hashtag, Post, TagFollow
from posts.selectors.rows import TOP, VIEWER, Position, columns, size_for
from posts.shapes import PostRow, TagShape

# What is most liked is looked for among the newest, so that no tag's past buries its present.
_NEWEST = Template("""
SELECT post_id FROM posts_posthashtag WHERE hashtag_id = %(tag)s::bigint
ORDER BY published_at DESC, post_id DESC LIMIT $window
""").substitute(window=TOP_WINDOW)
_MOST_LIKES = (2**31 - 1, 2**63 - 1)


def tag_shape_for(*, viewer: Viewer, name: str) -> TagShape:
    """A tag by its name, as `tag_name` writes it; one that nobody has used is there, too."""
    mine = TagFollow.objects.filter(user=viewer.id or NOBODY, hashtag=OuterRef("pk"))
    row = Hashtag.objects.filter(name=name).annotate(following=Exists(mine)).first()
    if row is None:
        return {"name": name, "posts_count": 0, "following": False}
    return {"name": name, "posts_count": row.posts_count, "following": row.following}


def followed_tags(*, viewer: Viewer) -> QuerySet[TagFollow]:
    """The tags that the viewer follows."""
    return TagFollow.objects.filter(user=viewer.pk).select_related("hashtag")


def tag_posts(
    *,
    viewer: Viewer,
    name: str,
    sort: TagSort,
    position: tuple[Any, int] | None,
    is_backward: bool,
    limit: int,
) -> list[PostRow]:
    """At most `limit` visible posts with this tag past `position`, in reading direction.

    Newest first, or the most liked of the newest TOP_WINDOW first. Two queries.
    """
    tag_id = Hashtag.objects.filter(name=name).values_list("pk", flat=True).first()
    if tag_id is None:
        return []
    slots = {"viewer": viewer.id or NOBODY, "tag": tag_id}
    size = size_for(limit)
    if sort == TagSort.TOP:
        likes, post_id = position or _MOST_LIKES
        rows: list[PostRow] = _top_query(size, is_backward)(**slots, likes=likes, id=post_id)
    else:
        at, post_id = Position(*position) if position else TOP
        rows = _recent_query(size, is_backward)(**slots, at=at, id=post_id)
    return rows[:limit]


@cache
def _recent_query(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    def build() -> "QuerySet[Post, tuple[Any, ...]]":
        at, post_id = P("at", DateTimeField()), P("id", BigIntegerField())
        past = _past("tagged__published_at", at, "tagged__post", post_id, is_backward=is_backward)
        posts = Post.objects.visible_to_id(VIEWER).filter(
            past, tagged__hashtag=P("tag", BigIntegerField())
        )
        order = _order("tagged__published_at", "tagged__post_id", is_backward=is_backward)
        return columns(posts).order_by(*order)[:size]

    return CompiledQuery(build, row=args_row(PostRow))


@cache
def _top_query(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    def build() -> "QuerySet[Post, tuple[Any, ...]]":
        likes, post_id = P("likes", IntegerField()), P("id", BigIntegerField())
        past = _past("likes_count", likes, "pk", post_id, is_backward=is_backward)
        posts = Post.objects.visible_to_id(VIEWER).filter(past, pk__in=NamedSQL(_NEWEST))
        order = _order("likes_count", "pk", is_backward=is_backward)
        return columns(posts).order_by(*order)[:size]

    return CompiledQuery(build, row=args_row(PostRow))


def _past(first: str, value: P, second: str, post_id: P, *, is_backward: bool) -> Q:
    step = "gt" if is_backward else "lt"
    return Q(**{f"{first}__{step}e": value}) & (
        Q(**{f"{first}__{step}": value}) | Q(**{f"{second}__{step}": post_id})
    )


def _order(*names: str, is_backward: bool) -> list[str]:
    return list(names) if is_backward else [f"-{name}" for name in names]
