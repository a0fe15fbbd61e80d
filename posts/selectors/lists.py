"""Lists of posts: of one person, saved and liked by the viewer; and who likes a post."""

from functools import cache
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from psycopg.rows import args_row

from accounts.models import User
from accounts.selectors import is_open_to, user_for
from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from posts.models import NOBODY, Like, Post, Save
from posts.selectors.rows import (
    TOP,
    VIEWER,
    Position,
    columns,
    past_position,
    size_for,
    time_order,
)
from posts.shapes import PostRow


def profile_posts(
    *,
    viewer: Viewer,
    user_id: int,
    position: Position | None,
    is_backward: bool,
    limit: int,
) -> list[PostRow]:
    """At most `limit` posts of a person past `position`, in reading direction, newest first.

    One query, and two more where there is nothing: NotFoundError for somebody who is not visible,
    and for a private account that the viewer does not follow.
    """
    at, post_id = position or TOP
    query = _profile_query(size_for(limit), is_backward)
    rows: list[PostRow] = query(viewer=viewer.id or NOBODY, author=user_id, at=at, id=post_id)
    if not rows and not is_open_to(viewer=viewer, user=user_for(viewer=viewer, user_id=user_id)):
        raise NotFoundError
    return rows[:limit]


def saved_posts(*, viewer: Viewer) -> QuerySet[Save]:
    """The viewer's saves of posts that they may still see."""
    return Save.objects.filter(user=viewer.pk, post__in=Post.objects.visible_to(viewer))


def liked_posts(*, viewer: Viewer) -> QuerySet[Like]:
    """The viewer's likes of posts that they may still see."""
    return Like.objects.filter(user=viewer.pk, post__in=Post.objects.visible_to(viewer))


def post_likers(*, viewer: Viewer, post: Post) -> QuerySet[Like]:
    """Likes of a post, with the people in them, those visible to the viewer.

    Raises NotFoundError where the author hides the number of likes from the viewer: to read the
    list is to count it.
    """
    if post.hide_like_count and post.author_id != viewer.id:
        raise NotFoundError
    people = User.objects.visible_to(viewer)
    return Like.objects.filter(post=post, user__in=people).select_related("user")


@cache
def _profile_query(size: int, is_backward: bool) -> CompiledQuery:  # noqa: FBT001
    def build() -> "QuerySet[Post, tuple[Any, ...]]":
        posts = Post.objects.visible_to_id(VIEWER).filter(
            past_position(is_backward=is_backward), author=P("author", BigIntegerField())
        )
        return columns(posts).order_by(*time_order(is_backward=is_backward))[:size]

    return CompiledQuery(build, row=args_row(PostRow))
