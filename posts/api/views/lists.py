"""Lists of posts, and of the people who like one."""

from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary
from core.api import (
    Access,
    ApiView,
    LeanApiView,
    PageRequest,
    Viewer,
    json_response,
    keyset_page,
    page_request,
    validated_query,
)
from core.api.pagination import PageQuery
from core.api.serializers import page_of
from posts import selectors
from posts.api import serializers as forms
from posts.models import Like, Save
from posts.selectors import Position
from posts.shapes import PostRow, PostSerializer, PostShape, post_shape

PostPage = page_of(PostSerializer)
LikerPage = page_of(UserSummarySerializer)
LATEST_FIRST = ("-id",)


class HomeFeedApi(LeanApiView):
    """GET feed/home."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Any:
        """Posts of the people that the viewer follows, and own ones, newest first."""
        page, _ = page_request(request, name="home")
        rows = selectors.home_feed(viewer=self.viewer, **_place_of(page))
        return json_response(_page_by_time(page, rows, self.viewer.id))


class HomeFeedNewerApi(LeanApiView):
    """GET feed/home/newer."""

    access = Access.USER

    @extend_schema(parameters=[forms.NewerQuery], responses=forms.CountSerializer)
    def get(self, request: Request) -> Any:
        """How many posts the home feed has that are newer than `since`; counted up to 50."""
        since = validated_query(forms.NewerQuery, request)["since"]
        count = selectors.home_feed_newer_count(viewer=self.viewer, since=since)
        return json_response({"count": count})


class UserPostsApi(LeanApiView):
    """GET users/{id}/posts."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request, user_id: int) -> Any:
        """One person's posts that the viewer may see, newest first."""
        page, _ = page_request(request, name=f"posts.{user_id}")
        rows = selectors.profile_posts(viewer=self.viewer, user_id=user_id, **_place_of(page))
        return json_response(_page_by_time(page, rows, self.viewer.id))


class SavedPostsApi(ApiView):
    """GET me/saved."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """What the viewer saved, the latest save first."""
        page, _ = page_request(request, name="saved")
        saves = selectors.saved_posts(viewer=self.viewer)
        return Response(keyset_page(saves, page, order=LATEST_FIRST, shape=_posts_for(self.viewer)))


class LikedPostsApi(ApiView):
    """GET me/liked."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Response:
        """What the viewer likes, the latest like first."""
        page, _ = page_request(request, name="liked")
        likes = selectors.liked_posts(viewer=self.viewer)
        return Response(keyset_page(likes, page, order=LATEST_FIRST, shape=_posts_for(self.viewer)))


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


def _posts_for(viewer: Viewer) -> Callable[[Sequence[Like | Save]], list[PostShape]]:
    def shape(rows: Sequence[Like | Save]) -> list[PostShape]:
        shapes = selectors.post_shapes(viewer=viewer, post_ids=[row.post_id for row in rows])
        return [shapes[row.post_id] for row in rows if row.post_id in shapes]

    return shape


def _likers(rows: list[Like]) -> list[UserSummaryShape]:
    return [user_summary(row.user) for row in rows]


def _place_of(page: PageRequest) -> dict[str, Any]:
    """Where a list by time goes on; one row more than the page tells whether there is another."""
    position = Position(*page.position) if page.position else None
    return {"position": position, "is_backward": page.is_backward, "limit": page.limit + 1}


def _page_by_time(page: PageRequest, rows: list[PostRow], viewer_id: int | None) -> dict[str, Any]:
    def shape(shown: list[PostRow]) -> list[PostShape]:
        return [post_shape(row, viewer_id=viewer_id) for row in shown]

    return page.finish(rows, key=selectors.position_of, shape=shape)
