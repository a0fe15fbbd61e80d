"""Hashtags: their pages, and following them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import (
    Access,
    ApiView,
    LeanApiView,
    json_response,
    keyset_page,
    page_request,
    validated,
)
from core.api.pagination import PageQuery
from core.api.serializers import Empty, page_of
from posts import selectors, services
from posts.api import serializers as forms
from posts.api.views.pages import PostPage, page_of_rows, place_of
from posts.constants import TAG_FOLLOW_LIMIT, TagSort
from posts.models import TagFollow
from posts.shapes import PostRow, TagSerializer, TagShape

TagPage = page_of(TagSerializer)


class TagApi(ApiView):
    """GET tags/{name}."""

    access = Access.OPTIONAL

    @extend_schema(responses=TagSerializer)
    def get(self, request: Request, name: str) -> Response:
        """A hashtag without its sign, in any case; one that nobody has used yet is there, too."""
        return Response(selectors.tag_shape_for(viewer=self.viewer, name=name))


class TagPostsApi(LeanApiView):
    """GET tags/{name}/posts."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[forms.TagPostsQuery], responses=PostPage)
    def get(self, request: Request, name: str) -> Any:
        """Posts with it that the viewer may see: newest first, or of the newest 2,000 the most liked."""
        raw = request.query_params.get("sort", TagSort.RECENT)
        page, values = page_request(request, name=f"tag.{name}.{raw}", form=forms.TagPostsQuery)
        sort = TagSort(values["sort"])
        place = place_of(page, lambda *position: position)
        rows = selectors.tag_posts(viewer=self.viewer, name=name, sort=sort, **place)
        key = _likes_of if sort == TagSort.TOP else selectors.position_of
        return json_response(page_of_rows(page, rows, self.viewer, key=key))


class TagFollowApi(ApiView):
    """PUT and DELETE tags/{name}/follow."""

    access = Access.USER
    limits = {"PUT": TAG_FOLLOW_LIMIT}

    @extend_schema(request=Empty, responses=forms.FollowingSerializer)
    def put(self, request: Request, name: str) -> Response:
        """See its posts at home; again changes nothing. 422 `tag_follow_limit` above 100."""
        validated(Empty, request)
        services.tag_follow(user_id=self.viewer.pk, name=name)
        return Response({"following": True})

    @extend_schema(responses=forms.FollowingSerializer)
    def delete(self, request: Request, name: str) -> Response:
        """No more; again changes nothing."""
        services.tag_unfollow(user_id=self.viewer.pk, name=name)
        return Response({"following": False})


class FollowedTagsApi(ApiView):
    """GET me/followed-tags."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=TagPage)
    def get(self, request: Request) -> Response:
        """The hashtags that the viewer follows, the latest first."""
        page, _ = page_request(request, name="followed-tags")
        follows = selectors.followed_tags(viewer=self.viewer)
        return Response(keyset_page(follows, page, order=("-id",), shape=_tags))


def _likes_of(row: PostRow) -> tuple[int, int]:
    return row.likes_count, row.id


def _tags(rows: list[TagFollow]) -> list[TagShape]:
    return [
        {"name": row.hashtag.name, "posts_count": row.hashtag.posts_count, "following": True}
        for row in rows
    ]
