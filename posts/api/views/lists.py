"""Lists of posts, and of the people who like one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary
from core.api import (
    Access,
    ApiView,
    LeanApiView,
    json_response,
    keyset_page,
    page_request,
)
from core.api.pagination import PageQuery
from core.api.serializers import page_of
from posts import selectors
from posts.api.views.pages import PostPage, page_of_rows, place_of, visible_posts
from posts.models import Like
from posts.selectors import GridPosition

LikerPage = page_of(UserSummarySerializer)
LATEST_FIRST = ("-id",)


class UserPostsApi(LeanApiView):
    """GET users/{id}/posts."""

    access = Access.OPTIONAL
    etag = True

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request, user_id: int) -> Any:
        """One person's posts that the viewer may see: up to three pinned ones, then newest first."""
        page, _ = page_request(request, name=f"posts.{user_id}")
        place = place_of(page, GridPosition)
        rows = selectors.profile_posts(viewer=self.viewer, user_id=user_id, **place)
        key = selectors.grid_position_of
        return json_response(page_of_rows(page, rows, self.viewer, key=key))


class SavedPostsApi(ApiView):
    """GET me/saved."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """What the viewer saved, the latest save first."""
        page, _ = page_request(request, name="saved")
        saves = selectors.saved_posts(viewer=self.viewer)
        return Response(
            keyset_page(saves, page, order=LATEST_FIRST, shape=visible_posts(self.viewer))
        )


class LikedPostsApi(ApiView):
    """GET me/liked."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """What the viewer likes, the latest like first."""
        page, _ = page_request(request, name="liked")
        likes = selectors.liked_posts(viewer=self.viewer)
        return Response(
            keyset_page(likes, page, order=LATEST_FIRST, shape=visible_posts(self.viewer))
        )


class PostLikersApi(ApiView):
    """GET posts/{id}/likes."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[PageQuery], responses=LikerPage)
    def get(self, request: Request, post_id: int) -> Response:
        """Who likes it, the latest first; not found where its author hides the number."""
        page, _ = page_request(request, name=f"likes.{post_id}")
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        likes = selectors.post_likers(viewer=self.viewer, post=post)
        return Response(keyset_page(likes, page, order=LATEST_FIRST, shape=_likers))


def _likers(rows: list[Like]) -> list[UserSummaryShape]:
    return [user_summary(row.user) for row in rows]
