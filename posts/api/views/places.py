"""Places, and what was posted there."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import (
    Access,
    ApiView,
    LeanApiView,
    json_response,
    page_request,
    validated,
    validated_query,
)
from core.api.pagination import PageQuery
from posts import selectors, services
from posts.api import serializers as forms
from posts.api.views.pages import PostPage, page_of_rows, place_of
from posts.constants import PLACE_LIMIT, SEARCH_LIMIT
from posts.shapes import PlaceDetailSerializer, place_detail_shape


class PlacesApi(ApiView):
    """GET and POST places."""

    access = {"GET": Access.OPTIONAL, "POST": Access.VERIFIED}
    limits = {"GET": SEARCH_LIMIT, "POST": PLACE_LIMIT}
    idempotent = frozenset({"POST"})

    @extend_schema(parameters=[forms.NameQuery], responses=forms.PlacesSerializer)
    def get(self, request: Request) -> Response:
        """At most ten places by name: those of posts that the viewer may see, and one's own."""
        q = validated_query(forms.NameQuery, request)["q"]
        places = selectors.places_named(viewer=self.viewer, q=q)
        return Response({"results": [place_detail_shape(place) for place in places]})

    @extend_schema(request=forms.PlaceForm, responses={201: PlaceDetailSerializer})
    def post(self, request: Request) -> Response:
        """A place to post from; one that is there already is given again."""
        form = validated(forms.PlaceForm, request)
        place = services.place_create(actor_id=self.viewer.pk, **form)
        return Response(place_detail_shape(place), status=201)


class PlaceApi(ApiView):
    """GET places/{id}."""

    access = Access.OPTIONAL

    @extend_schema(responses=PlaceDetailSerializer)
    def get(self, request: Request, place_id: int) -> Response:
        """A place with a post that the viewer may see, or their own."""
        place = selectors.place_for(viewer=self.viewer, place_id=place_id)
        return Response(place_detail_shape(place))


class PlacePostsApi(LeanApiView):
    """GET places/{id}/posts."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request, place_id: int) -> Any:
        """Posts made there that the viewer may see, newest first."""
        page, _ = page_request(request, name=f"place.{place_id}")
        selectors.place_for(viewer=self.viewer, place_id=place_id)
        place = place_of(page)
        rows = selectors.place_posts(viewer=self.viewer, place_id=place_id, **place)
        return json_response(page_of_rows(page, rows, self.viewer))
