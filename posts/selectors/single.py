"""One post, or some by id, as one viewer may see them; what may not be seen is not found."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, QuerySet, TextField
from psycopg.rows import args_row

from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from posts.models import NOBODY, Post
from posts.selectors.rows import VIEWER, columns
from posts.shapes import PostRow, PostShape, post_shape


def post_for(*, viewer: Viewer, post_id: int) -> Post:
    """A post by id, with its author. Raises NotFoundError."""
    visible = Post.objects.visible_to(viewer).select_related("author")
    post = visible.filter(pk=post_id).first()
    if post is None:
        raise NotFoundError
    return post


def post_shape_for(*, viewer: Viewer, post_id: int) -> PostShape:
    """The same as Post. Raises NotFoundError."""
    shapes = post_shapes(viewer=viewer, post_ids=[post_id])
    if not shapes:
        raise NotFoundError
    return shapes[post_id]


def post_shape_by_code(*, viewer: Viewer, shortcode: str) -> PostShape:
    """A post by its public name, as Post. Raises NotFoundError."""
    rows: list[PostRow] = _by_code(viewer=viewer.id or NOBODY, code=shortcode)
    if not rows:
        raise NotFoundError
    return post_shape(rows[0], viewer_id=viewer.id)


def post_shapes(*, viewer: Viewer, post_ids: Collection[int]) -> dict[int, PostShape]:
    """Those of the posts that the viewer may see, by id. One query."""
    rows: list[PostRow] = _by_ids(viewer=viewer.id or NOBODY, ids=list(post_ids))
    return {row.id: post_shape(row, viewer_id=viewer.id) for row in rows}


def _build_by_ids() -> "QuerySet[Post, tuple[object, ...]]":
    ids = P("ids", ArrayField(BigIntegerField()))
    return columns(Post.objects.visible_to_id(VIEWER).filter(pk__eqany=ids))


def _build_by_code() -> "QuerySet[Post, tuple[object, ...]]":
    code = P("code", TextField())
    return columns(Post.objects.visible_to_id(VIEWER).filter(shortcode=code))


_by_ids = CompiledQuery(_build_by_ids, row=args_row(PostRow))
_by_code = CompiledQuery(_build_by_code, row=args_row(PostRow))
