"""The home feed, the place in it, and what is left out of it."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.constants import RELATION_LIMIT, Timeline
from accounts.selectors import markers_of, muted_tags
from accounts.services import tag_mute, tag_unmute
from core.api import (
    Access,
    ApiView,
    LeanApiView,
    Viewer,
    json_response,
    page_request,
    validated,
    validated_query,
)
from core.api.pagination import PageQuery, encode_cursor
from core.api.serializers import Empty
from posts import selectors, services
from posts.api import serializers as forms
from posts.api.views.pages import PostPage, page_of_rows, place_of

HOME, HOME_PATH = "home", "/api/v1/feed/home"


class HomeFeedApi(LeanApiView):
    """GET feed/home."""

    access = Access.USER
    etag = True

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request) -> Any:
        """Posts of the people and tags that the viewer follows, and own ones, newest first.

        Nothing else is in it. What has the viewer's hidden words or muted tags is left out.
        """
        page, _ = page_request(request, name=HOME)
        rows = selectors.home_feed(viewer=self.viewer, **place_of(page))
        return json_response(page_of_rows(page, rows, self.viewer))


class HomeFeedNewerApi(LeanApiView):
    """GET feed/home/newer."""

    access = Access.USER

    @extend_schema(parameters=[forms.NewerQuery], responses=forms.CountSerializer)
    def get(self, request: Request) -> Any:
        """How many posts the home feed has that are newer than `since`; counted up to 50."""
        since = validated_query(forms.NewerQuery, request)["since"]
        count = selectors.home_feed_newer_count(viewer=self.viewer, since=since)
        return json_response({"count": count})


class MarkersApi(ApiView):
    """GET and PUT me/markers."""

    access = Access.USER

    @extend_schema(responses=forms.MarkersSerializer)
    def get(self, request: Request) -> Response:
        """Where the viewer was reading, on whatever device.

        `url` gives the page that begins with that post; its `previous` leads to what is newer.
        """
        return Response(_markers(self.viewer))

    @extend_schema(request=forms.MarkersForm, responses=forms.MarkersSerializer)
    def put(self, request: Request) -> Response:
        """Keep the place: the post on top of the screen. The last word counts."""
        post_id = validated(forms.MarkersForm, request)["home"]["post_id"]
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.home_marker_set(user_id=self.viewer.pk, post=post)
        return Response(_markers(self.viewer))


class MutedTagsApi(ApiView):
    """GET me/muted-tags."""

    access = Access.USER

    @extend_schema(responses=forms.NamesSerializer)
    def get(self, request: Request) -> Response:
        """The tags whose posts are left out of feeds, in alphabetical order."""
        return Response({"results": muted_tags(viewer=self.viewer)})


class MutedTagApi(ApiView):
    """PUT and DELETE me/muted-tags/{name}."""

    access = Access.USER
    limits = {"PUT": RELATION_LIMIT}

    @extend_schema(request=Empty, responses=forms.TagMutedSerializer)
    def put(self, request: Request, name: str) -> Response:
        """Leave posts with this tag out; again changes nothing."""
        validated(Empty, request)
        tag_mute(user_id=self.viewer.pk, name=name)
        return Response({"muted": True})

    @extend_schema(responses=forms.TagMutedSerializer)
    def delete(self, request: Request, name: str) -> Response:
        """Show them again; again changes nothing."""
        tag_unmute(user_id=self.viewer.pk, name=name)
        return Response({"muted": False})


def _markers(viewer: Viewer) -> dict[str, Any]:
    kept = {marker.timeline: marker for marker in markers_of(viewer=viewer)}
    home = kept.get(Timeline.HOME)
    if home is None:
        return {"home": None}
    return {
        "home": {
            "post_id": str(home.post_id),
            "published_at": home.at,
            "updated_at": home.updated_at,
            "url": _page_from(home.at, home.post_id),
        }
    }


def _page_from(at: datetime, post_id: int) -> str:
    """The page of the home feed that begins with this post, or with what comes after its place."""
    return f"{HOME_PATH}?cursor={encode_cursor(HOME, 'n', (at, post_id + 1))}"
