"""Profiles: one's own, and other people's."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from accounts.api.clients import without_refresh
from accounts.api.parsers import AvatarParser
from accounts.models import User
from accounts.shapes import MeSerializer, UserSerializer, me_shape, user_shape
from core.api import (
    Access,
    ApiView,
    LeanApiView,
    Viewer,
    json_response,
    validated,
    validated_query,
)
from core.api.serializers import Empty


def _shown(viewer: Viewer, user: User) -> HttpResponse:
    return json_response(user_shape(user, selectors.relationship_of(viewer=viewer, user=user)))


class MeApi(ApiView):
    """GET and PATCH me."""

    access = Access.USER

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The viewer."""
        return Response(me_shape(selectors.my_account(viewer=self.viewer)))

    @extend_schema(request=forms.ProfileForm, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change the profile."""
        form = validated(forms.ProfileForm, request)
        return Response(me_shape(services.profile_update(user_id=self.viewer.pk, **form)))


class UsernameApi(ApiView):
    """PUT me/username."""

    access = Access.USER
    scope = {"PUT": "account"}

    @extend_schema(request=forms.UsernameForm, responses=MeSerializer)
    def put(self, request: Request) -> Response:
        """Take another name; the old one leads to it."""
        form = validated(forms.UsernameForm, request)
        return Response(me_shape(services.username_change(user_id=self.viewer.pk, **form)))


class SettingsApi(ApiView):
    """GET and PATCH me/settings."""

    access = Access.USER

    @extend_schema(responses=forms.SettingsSerializer)
    def get(self, request: Request) -> Response:
        """What the viewer chose, or what holds until they do."""
        return Response(me_shape(selectors.my_account(viewer=self.viewer))["settings"])

    @extend_schema(request=forms.SettingsForm, responses=forms.SettingsSerializer)
    def patch(self, request: Request) -> Response:
        """Change some of them."""
        form = validated(forms.SettingsForm, request)
        return Response(
            me_shape(services.settings_update(user_id=self.viewer.pk, **form))["settings"]
        )


class DeactivateApi(ApiView):
    """POST me/deactivate."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=forms.PasswordForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """Be gone until the next log-in."""
        form = validated(forms.PasswordForm, request)
        services.account_deactivate(user_id=self.viewer.pk, **form)
        return without_refresh(Response(status=204))


class DeleteApi(ApiView):
    """POST me/delete."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=forms.PasswordForm, responses=forms.DeleteAfterSerializer)
    def post(self, request: Request) -> Response:
        """Be gone at once, and for good after the grace."""
        form = validated(forms.PasswordForm, request)
        user = services.account_delete_ask(user_id=self.viewer.pk, **form)
        return without_refresh(Response({"delete_after": user.delete_after}))


class DeleteCancelApi(ApiView):
    """POST me/delete/cancel."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=Empty, responses={204: None})
    def post(self, request: Request) -> Response:
        """Stay after all."""
        validated(Empty, request)
        services.account_delete_cancel(user_id=self.viewer.pk)
        return Response(status=204)


class AvatarApi(ApiView):
    """PUT and DELETE me/avatar."""

    access = Access.USER
    limits = {"PUT": constants.AVATAR_LIMIT}
    parser_classes = [AvatarParser]

    @extend_schema(request={"multipart/form-data": forms.AvatarForm}, responses=MeSerializer)
    def put(self, request: Request) -> Response:
        """Replace the avatar."""
        form = validated(forms.AvatarForm, request)
        return Response(me_shape(services.avatar_set(user_id=self.viewer.pk, **form)))

    @extend_schema(responses=MeSerializer)
    def delete(self, request: Request) -> Response:
        """No avatar."""
        return Response(me_shape(services.avatar_remove(user_id=self.viewer.pk)))


class UserLookupApi(LeanApiView):
    """GET users/lookup."""

    access = Access.OPTIONAL
    etag = True

    @extend_schema(parameters=[forms.UsernameQuery], responses=UserSerializer)
    def get(self, request: Request) -> HttpResponse:
        """A person by name."""
        name = validated_query(forms.UsernameQuery, request)["username"]
        return _shown(self.viewer, selectors.user_named(viewer=self.viewer, username=name))


class UserApi(LeanApiView):
    """GET users/{id}."""

    access = Access.OPTIONAL
    etag = True

    @extend_schema(responses=UserSerializer)
    def get(self, request: Request, user_id: int) -> HttpResponse:
        """A person by id."""
        return _shown(self.viewer, selectors.user_for(viewer=self.viewer, user_id=user_id))
