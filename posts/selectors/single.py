"""One post, or some by id, as one viewer may see them; what may not be seen is not found."""

from collections.abc import Collection
from typing import TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, QuerySet, TextField
from psycopg.rows import args_row

from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from posts.models import NOBODY, Post
from posts.selectors.rows import VIEWER, columns
from posts.shapes import PostRow, PostShape, post_shape

T = TypeVar("T")


def post_for(*, viewer: Viewer, post_id: int) -> Post:
    """A post by id, with its author. Raises NotFoundError."""
    visible = Post.objects.visible_to(viewer).select_related("author")
    return _found(visible.filter(pk=post_id).first())


def post_to_change_for(*, viewer: Viewer, post_id: int) -> Post:
    """A post that the viewer may see, or an own one that is not out. Raises NotFoundError."""
    return _found(Post.objects.reachable_by_id(viewer.pk).filter(pk=post_id).first())


def deleted_post_for(*, viewer: Viewer, post_id: int) -> Post:
    """A post in the viewer's bin. Raises NotFoundError."""
    return _found(Post.objects.in_bin_of(viewer.pk).filter(pk=post_id).first())


def post_shape_for(*, viewer: Viewer, post_id: int) -> PostShape:
    """The same as Post, also for own ones that are not out. Raises NotFoundError."""
    rows: list[PostRow] = _reachable(viewer=viewer.id or NOBODY, id=post_id)
    return post_shape(_found(next(iter(rows), None)), viewer_id=viewer.id)


def post_shape_by_code(*, viewer: Viewer, shortcode: str) -> PostShape:
    """A post by its public name, as Post. Raises NotFoundError."""
    rows: list[PostRow] = _by_code(viewer=viewer.id or NOBODY, code=shortcode)
    return post_shape(_found(next(iter(rows), None)), viewer_id=viewer.id)


def post_shapes(*, viewer: Viewer, post_ids: Collection[int]) -> dict[int, PostShape]:
    """Those of the posts that the viewer may see, by id. One query."""
    rows: list[PostRow] = _by_ids(viewer=viewer.id or NOBODY, ids=list(post_ids))
    return {row.id: post_shape(row, viewer_id=viewer.id) for row in rows}


def own_post_shapes(*, viewer: Viewer, post_ids: Collection[int]) -> dict[int, PostShape]:
    """Those of the posts that are the viewer's own, whatever their state, by id. One query."""
    rows: list[PostRow] = _own(viewer=viewer.pk, ids=list(post_ids))
    return {row.id: post_shape(row, viewer_id=viewer.id) for row in rows}


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotFoundError
    return thing


def _build_own() -> "QuerySet[Post, tuple[object, ...]]":
    ids = P("ids", ArrayField(BigIntegerField()))
    return columns(Post.objects.filter(author=VIEWER, pk__eqany=ids))


def _build_reachable() -> "QuerySet[Post, tuple[object, ...]]":
    post_id = P("id", BigIntegerField())
    return columns(Post.objects.reachable_by_id(VIEWER).filter(pk=post_id))


def _build_by_ids() -> "QuerySet[Post, tuple[object, ...]]":
    ids = P("ids", ArrayField(BigIntegerField()))
    return columns(Post.objects.visible_to_id(VIEWER).filter(pk__eqany=ids))


def _build_by_code() -> "QuerySet[Post, tuple[object, ...]]":
    code = P("code", TextField())
    return columns(Post.objects.reachable_by_id(VIEWER).filter(shortcode=code))


_by_ids = CompiledQuery(_build_by_ids, row=args_row(PostRow))
_own = CompiledQuery(_build_own, row=args_row(PostRow))
_reachable = CompiledQuery(_build_reachable, row=args_row(PostRow))
_by_code = CompiledQuery(_build_by_code, row=args_row(PostRow))
