"""What an author keeps apart from what is out: archive, drafts, planned posts and the bin."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, keyset_page, page_request
from core.api.pagination import PageQuery
from core.api.serializers import page_of
from posts import selectors
from posts.api import serializers as forms
from posts.api.views.pages import PostPage, own_posts
from posts.constants import BIN_KEPT, PostState
from posts.models import Post

DeletedPage = page_of(forms.DeletedPostSerializer)


class _KeptPostsApi(ApiView):
    """The viewer's own posts of one state."""

    access = Access.USER
    state: PostState
    order: Sequence[str]

    def page(self, request: Request) -> Response:
        """One page in this list's order."""
        page, _ = page_request(request, name=f"own.{self.state}")
        posts = selectors.own_posts(viewer=self.viewer, state=self.state)
        shape = own_posts(self.viewer)
        return Response(keyset_page(posts, page, order=self.order, shape=shape))


class ArchivedPostsApi(_KeptPostsApi):
    """GET me/archive."""

    state, order = PostState.ARCHIVED, ("-published_at", "-id")

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """One's archived posts, the newest first."""
        return self.page(request)


class DraftsApi(_KeptPostsApi):
    """GET me/drafts."""

    state, order = PostState.DRAFT, ("-id",)

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """One's drafts, the one begun last first."""
        return self.page(request)


class ScheduledPostsApi(_KeptPostsApi):
    """GET me/scheduled."""

    state, order = PostState.SCHEDULED, ("publish_at", "id")

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """One's planned posts, the next one first."""
        return self.page(request)


class DeletedPostsApi(ApiView):
    """GET me/deleted."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=DeletedPage)
    def get(self, request: Request) -> Response:
        """One's bin, the one deleted last first, and when each goes for good."""
        page, _ = page_request(request, name="deleted")
        posts = selectors.deleted_posts(viewer=self.viewer)
        order = ("-deleted_at", "-id")
        return Response(keyset_page(posts, page, order=order, shape=self._shape))

    def _shape(self, rows: list[Post]) -> list[dict[str, Any]]:
        times = {str(row.pk): row.deleted_at for row in rows if row.deleted_at}
        return [
            {**shape, "deleted_at": times[shape["id"]], "purge_at": times[shape["id"]] + BIN_KEPT}
            for shape in own_posts(self.viewer)(rows)
        ]
