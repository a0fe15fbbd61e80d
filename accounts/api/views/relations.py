"""Follows, requests, and what one person sets about another."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from accounts.constants import FollowState, RelationKind
from accounts.models import Follow, Relation
from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary
from core.api import (
    Access,
    ApiView,
    keyset_page,
    page_request,
    validated,
    validated_query,
)
from core.api.pagination import PageQuery
from core.api.serializers import Empty, page_of

NEWEST = ("-created_at", "-id")
PeoplePage = page_of(UserSummarySerializer)
MutedPage = page_of(forms.MutedPersonSerializer)
OUTER_STATE = {FollowState.ACTIVE: "following", FollowState.REQUESTED: "requested"}


def _follower_summaries(rows: list[Follow]) -> list[UserSummaryShape]:
    return [user_summary(row.follower) for row in rows]


def _followee_summaries(rows: list[Follow]) -> list[UserSummaryShape]:
    return [user_summary(row.followee) for row in rows]


def suggestion_shape(one: selectors.Suggestion) -> dict[str, Any]:
    """A suggested person with the reason."""
    return {
        "user": user_summary(one.user),
        "reason": one.reason,
        "mutuals": [user_summary(user) for user in one.mutuals],
        "mutuals_count": one.mutuals_count,
    }


def _target_summaries(rows: list[Relation]) -> list[UserSummaryShape]:
    return [user_summary(row.target) for row in rows]


def _muted_people(rows: list[Relation]) -> list[dict[str, Any]]:
    return [{**user_summary(row.target), "scopes": row.scopes, "until": row.until} for row in rows]


class FollowApi(ApiView):
    """PUT and DELETE users/{id}/follow."""

    access = Access.VERIFIED
    limits = {"PUT": constants.FOLLOW_LIMIT}

    @extend_schema(request=Empty, responses=forms.FollowStateSerializer)
    def put(self, request: Request, user_id: int) -> Response:
        """Follow, or ask to."""
        validated(Empty, request)
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
        validated(Empty, request)
        services.follow_request_accept(followee_id=self.viewer.pk, follower_id=user_id)
        return Response(status=204)


class FollowRequestDeclineApi(ApiView):
    """POST follow-requests/{user_id}/decline."""

    access = Access.USER

    @extend_schema(request=Empty, responses={204: None})
    def post(self, request: Request, user_id: int) -> Response:
        """Refuse; they are not told."""
        validated(Empty, request)
        services.follow_request_decline(followee_id=self.viewer.pk, follower_id=user_id)
        return Response(status=204)


class BlockApi(ApiView):
    """PUT and DELETE users/{id}/block."""

    access = Access.USER

    @extend_schema(request=Empty, responses=forms.BlockedSerializer)
    def put(self, request: Request, user_id: int) -> Response:
        """Block; a block in the other direction does not stand in the way."""
        validated(Empty, request)
        target = selectors.user_to_block(user_id=user_id)
        services.block_create(owner_id=self.viewer.pk, target=target)
        return Response({"blocking": True})

    @extend_schema(responses=forms.BlockedSerializer)
    def delete(self, request: Request, user_id: int) -> Response:
        """Unblock."""
        services.block_end(owner_id=self.viewer.pk, target_id=user_id)
        return Response({"blocking": False})


class MuteApi(ApiView):
    """PUT and DELETE users/{id}/mute."""

    access = Access.USER
    limits = {"PUT": constants.RELATION_LIMIT}

    @extend_schema(request=forms.MuteForm, responses=forms.MutedSerializer)
    def put(self, request: Request, user_id: int) -> Response:
        """See no more of what is named, for a while or until it is taken back."""
        form = {"until": None, **validated(forms.MuteForm, request)}
        target = selectors.user_for(viewer=self.viewer, user_id=user_id)
        services.relation_set(
            owner_id=self.viewer.pk, target=target, kind=RelationKind.MUTE, **form
        )
        return Response({"muting": True, **form})

    @extend_schema(responses=forms.MutedSerializer)
    def delete(self, request: Request, user_id: int) -> Response:
        """See everything again."""
        services.relation_end(owner_id=self.viewer.pk, target_id=user_id, kind=RelationKind.MUTE)
        return Response({"muting": False, "scopes": [], "until": None})


class _ToggleApi(ApiView):
    """A relation with nothing more to say: PUT sets it, DELETE takes it back."""

    access = Access.USER
    limits = {"PUT": constants.RELATION_LIMIT}
    kind: ClassVar[RelationKind]
    field: ClassVar[str]

    def put(self, request: Request, user_id: int) -> Response:
        """Set it; they are not told."""
        validated(Empty, request)
        target = selectors.user_for(viewer=self.viewer, user_id=user_id)
        services.relation_set(owner_id=self.viewer.pk, target=target, kind=self.kind)
        return Response({self.field: True})

    def delete(self, request: Request, user_id: int) -> Response:
        """Take it back."""
        services.relation_end(owner_id=self.viewer.pk, target_id=user_id, kind=self.kind)
        return Response({self.field: False})


@extend_schema(request=Empty, responses=forms.RestrictedSerializer)
class RestrictApi(_ToggleApi):
    """PUT and DELETE users/{id}/restrict."""

    kind, field = RelationKind.RESTRICT, "restricted"


@extend_schema(request=Empty, responses=forms.CloseFriendSerializer)
class CloseFriendApi(_ToggleApi):
    """PUT and DELETE users/{id}/close-friend."""

    kind, field = RelationKind.CLOSE_FRIEND, "close_friend"


class FollowerApi(ApiView):
    """DELETE users/{id}/follower."""

    access = Access.USER

    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """They follow the viewer no longer; they are not told."""
        services.follower_remove(owner_id=self.viewer.pk, follower_id=user_id)
        return Response(status=204)


class _PeopleSetApi(ApiView):
    """About whom the viewer has set one kind of relation, newest first."""

    access = Access.USER
    kind: ClassVar[RelationKind]

    @extend_schema(parameters=[PageQuery], responses=PeoplePage)
    def get(self, request: Request) -> Response:
        """These people, newest first."""
        page, _ = page_request(request, name=f"set.{self.kind}")
        rows = selectors.people_set(viewer=self.viewer, kind=self.kind)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_target_summaries))


class BlocksApi(_PeopleSetApi):
    """GET me/blocks."""

    kind = RelationKind.BLOCK


class MutesApi(ApiView):
    """GET me/mutes."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=MutedPage)
    def get(self, request: Request) -> Response:
        """Whom the viewer has muted, what of them and until when, newest first."""
        page, _ = page_request(request, name="mutes")
        rows = selectors.people_set(viewer=self.viewer, kind=RelationKind.MUTE)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_muted_people))


class RestrictedApi(_PeopleSetApi):
    """GET me/restricted."""

    kind = RelationKind.RESTRICT


class CloseFriendsApi(_PeopleSetApi):
    """GET me/close-friends."""

    kind = RelationKind.CLOSE_FRIEND


class RelationshipsApi(ApiView):
    """GET users/relationships."""

    access = Access.USER

    @extend_schema(parameters=[forms.RelationshipsQuery], responses=forms.RelationshipsSerializer)
    def get(self, request: Request) -> Response:
        """How the viewer stands to each of these people."""
        ids = validated_query(forms.RelationshipsQuery, request)["ids"]
        found = selectors.relationships_of(viewer=self.viewer, user_ids=ids)
        return Response({"results": {str(pk): shape for pk, shape in found.items()}})


class MutualsApi(ApiView):
    """GET users/{id}/mutuals."""

    access = Access.USER

    @extend_schema(parameters=[forms.PeopleQuery], responses=PeoplePage)
    def get(self, request: Request, user_id: int) -> Response:
        """Their followers whom the viewer follows, newest first."""
        page, query = page_request(request, name=f"mutuals.{user_id}", form=forms.PeopleQuery)
        rows = selectors.mutuals(viewer=self.viewer, user_id=user_id, **query)
        return Response(keyset_page(rows, page, order=NEWEST, shape=_follower_summaries))


class SuggestionsApi(ApiView):
    """GET users/suggestions."""

    access = Access.USER

    @extend_schema(responses=forms.SuggestionsSerializer)
    def get(self, request: Request) -> Response:
        """People whom the viewer may know, and why."""
        found = selectors.suggestions(viewer=self.viewer)
        return Response({"results": [suggestion_shape(one) for one in found]})


class SuggestionApi(ApiView):
    """DELETE users/suggestions/{id}."""

    access = Access.USER

    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """Never suggest them again."""
        suggested = selectors.user_for(viewer=self.viewer, user_id=user_id)
        services.suggestion_dismiss(user_id=self.viewer.pk, suggested=suggested)
        return Response(status=204)
