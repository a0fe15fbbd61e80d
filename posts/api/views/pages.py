"""How lists of posts become pages."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from core.api import PageRequest, Viewer
from core.api.serializers import page_of
from posts import selectors
from posts.models import Post
from posts.selectors import Position
from posts.shapes import PostRow, PostSerializer, PostShape, hot_post_shape

PostPage = page_of(PostSerializer)


class OfPost(Protocol):
    """A row about a post, such as a like."""

    post_id: int


def place_of(page: PageRequest, position: Callable[..., Any] = Position) -> dict[str, Any]:
    """Where a list goes on; one row more than the page tells whether there is another."""
    at = position(*page.position) if page.position else None
    return {"position": at, "is_backward": page.is_backward, "limit": page.limit + 1}


def page_of_rows(
    page: PageRequest,
    rows: list[PostRow],
    viewer: Viewer,
    *,
    key: Callable[[PostRow], tuple[Any, ...]] = selectors.position_of,
) -> dict[str, Any]:
    """Rows of a hot read as the page."""

    def shape(shown: list[PostRow]) -> list[PostShape]:
        return [hot_post_shape(row, viewer_id=viewer.id) for row in shown]

    return page.finish(rows, key=key, shape=shape)


def visible_posts(viewer: Viewer) -> Callable[[Sequence[OfPost]], list[PostShape]]:
    """Shapes the posts of such rows, for `keyset_page`."""

    def shape(rows: Sequence[OfPost]) -> list[PostShape]:
        shapes = selectors.post_shapes(viewer=viewer, post_ids=[row.post_id for row in rows])
        return [shapes[row.post_id] for row in rows if row.post_id in shapes]

    return shape


def own_posts(viewer: Viewer) -> Callable[[Sequence[Post]], list[PostShape]]:
    """Shapes the viewer's own posts of any state, for `keyset_page`."""

    def shape(rows: Sequence[Post]) -> list[PostShape]:
        shapes = selectors.own_post_shapes(viewer=viewer, post_ids=[row.pk for row in rows])
        return [shapes[row.pk] for row in rows if row.pk in shapes]

    return shape
