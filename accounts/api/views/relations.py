"""Follows, requests and blocks."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from accounts.constants import FollowState
from accounts.models import Follow, Relation
from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary
from core.api import Access, ApiView, keyset_page, page_request
from core.api.pagination import PageQuery
from core.api.serializers import Empty, page_of

NEWEST = ("-created_at", "-id")
PeoplePage = page_of(UserSummarySerializer)
OUTER_STATE = {FollowState.ACTIVE: "following", FollowState.REQUESTED: "requested"}


def _follower_summaries(rows: list[Follow]) -> list[UserSummaryShape]:
    return [user_summary(row.follower) for row in rows]


def _followee_summaries(rows: list[Follow]) -> list[UserSummaryShape]:
    return [user_summary(row.followee) for row in rows]


def _target_summaries(rows: list[Relation]) -> list[UserSummaryShape]:
    return [user_summary(row.target) for row in rows]


class FollowApi(ApiView):
    """PUT and DELETE users/{id}/follow."""

    access = Access.VERIFIED
    limits = {"PUT": constants.FOLLOW_LIMIT}

    @extend_schema(request=Empty, responses=forms.FollowStateSerializer)
    def put(self, request: Request, user_id: int) -> Response:
        """Follow, or ask to."""
        followee = selectors.user_for(viewer=self.viewer, user_id=user_id)
        state = services.follow_create(follower_id=self.viewer.pk, followee=followee)
        return Response({"state": OUTER_STATE[state]})

    @extend_schema(responses=forms.FollowStateSerializer)
    def delete(self, request: Request, user_id: int) -> Response:
        """Unfollow, or take the request back."""
        followee = selectors.user_for(viewer=self.viewer, user_id=user_id)
        services.follow_end(follower_id=self.viewer.pk, followee_id=followee.pk)
        return Response({"state": "none"})


class FollowersApi(ApiView):
    """GET users/{id}/followers."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[forms.PeopleQuery], responses=PeoplePage)
    def get(self, request: Request, user_id: int) -> Response:
        """Who follows them, newest first."""
        page, query = page_request(request, name=f"followers.{user_id}", form=forms.PeopleQuery)
        rows = selectors.followers(viewer=self.viewer, user_id=user_id, **query)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_follower_summaries))


class FollowingApi(ApiView):
    """GET users/{id}/following."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[forms.PeopleQuery], responses=PeoplePage)
    def get(self, request: Request, user_id: int) -> Response:
        """Whom they follow, newest first."""
        page, query = page_request(request, name=f"following.{user_id}", form=forms.PeopleQuery)
        rows = selectors.following(viewer=self.viewer, user_id=user_id, **query)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_followee_summaries))


class FollowRequestsApi(ApiView):
    """GET me/follow-requests."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PeoplePage)
    def get(self, request: Request) -> Response:
        """Who asks to follow the viewer, newest first."""
        page, _ = page_request(request, name="follow-requests")
        rows = selectors.follow_requests(viewer=self.viewer)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_follower_summaries))


class FollowRequestAcceptApi(ApiView):
    """POST follow-requests/{user_id}/accept."""

    access = Access.USER

    @extend_schema(request=Empty, responses={204: None})
    def post(self, request: Request, user_id: int) -> Response:
        """Let them follow."""
        services.follow_request_accept(followee_id=self.viewer.pk, follower_id=user_id)
        return Response(status=204)


class FollowRequestDeclineApi(ApiView):
    """POST follow-requests/{user_id}/decline."""

    access = Access.USER

    @extend_schema(request=Empty, responses={204: None})
    def post(self, request: Request, user_id: int) -> Response:
        """Refuse; they are not told."""
        services.follow_request_decline(followee_id=self.viewer.pk, follower_id=user_id)
        return Response(status=204)


class BlockApi(ApiView):
    """PUT and DELETE users/{id}/block."""

    access = Access.USER

    @extend_schema(request=Empty, responses=forms.BlockedSerializer)
    def put(self, request: Request, user_id: int) -> Response:
        """Block; a block in the other direction does not stand in the way."""
        target = selectors.user_to_block(user_id=user_id)
        services.block_create(owner_id=self.viewer.pk, target=target)
        return Response({"blocking": True})

    @extend_schema(responses=forms.BlockedSerializer)
    def delete(self, request: Request, user_id: int) -> Response:
        """Unblock."""
        services.block_end(owner_id=self.viewer.pk, target_id=user_id)
        return Response({"blocking": False})


class BlocksApi(ApiView):
    """GET me/blocks."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=PeoplePage)
    def get(self, request: Request) -> Response:
        """Whom the viewer blocked, newest first."""
        page, _ = page_request(request, name="blocks")
        rows = selectors.people_blocked(viewer=self.viewer)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_target_summaries))
