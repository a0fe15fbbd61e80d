"""Sign up, sign in, rotate, sign out, and tickets for the socket."""

from typing import cast

from django.conf import settings
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from accounts.api.authentication import Auth
from accounts.api.clients import (
    client_kind,
    device_of,
    refresh_of,
    with_refresh,
    without_refresh,
)
from accounts.shapes import me_shape
from core.api import Access, ApiView, validated, validated_query
from core.api.serializers import Empty
from core.http import client_address


def _signed_in(signed_in: services.SignedIn, status: int) -> Response:
    answer = {"access": signed_in.access, "user": me_shape(signed_in.user)}
    return with_refresh(Response(answer, status=status), signed_in)


class RegisterApi(ApiView):
    """POST auth/register."""

    access = Access.PUBLIC
    limits = {"POST": constants.REGISTER_LIMIT}

    @extend_schema(request=forms.RegisterForm, responses={201: forms.SignedInSerializer})
    def post(self, request: Request) -> Response:
        """A new account, signed in."""
        form = validated(forms.RegisterForm, request)
        device = device_of(request)
        user = services.user_register(**form, address=device.address)
        return _signed_in(services.session_start(user=user, device=device), 201)


class LoginApi(ApiView):
    """POST auth/login."""

    access = Access.PUBLIC

    @extend_schema(
        request=forms.LoginForm,
        responses=PolymorphicProxySerializer(
            "LoginAnswer",
            [forms.SignedInSerializer, forms.SecondFactorSerializer],
            resource_type_field_name=None,
        ),
    )
    def post(self, request: Request) -> Response:
        """A new session on this device, or a token for the second step."""
        form = validated(forms.LoginForm, request)
        outcome = services.session_login(**form, device=device_of(request))
        if isinstance(outcome, services.SecondFactorNeeded):
            return Response({"mfa_required": True, "mfa_token": outcome.mfa_token})
        return _signed_in(outcome, 200)


class LoginSecondApi(ApiView):
    """POST auth/login/mfa."""

    access = Access.PUBLIC

    @extend_schema(request=forms.SecondStepForm, responses=forms.SignedInSerializer)
    def post(self, request: Request) -> Response:
        """The second step of a log-in."""
        form = validated(forms.SecondStepForm, request)
        return _signed_in(services.session_login_second(**form, device=device_of(request)), 200)


class RefreshApi(ApiView):
    """POST auth/refresh."""

    access = Access.PUBLIC
    limits = {"POST": constants.REFRESH_LIMIT}

    @extend_schema(request=forms.RefreshForm, responses=forms.AccessSerializer)
    def post(self, request: Request) -> Response:
        """A new access token; the refresh token rotates."""
        form = validated(forms.RefreshForm, request)
        refresh = refresh_of(request, form.get("refresh"))
        signed_in = services.session_refresh(
            refresh=refresh, client=client_kind(request), address=client_address(request.META)
        )
        return with_refresh(Response({"access": signed_in.access}), signed_in)


class LogoutApi(ApiView):
    """POST auth/logout."""

    access = Access.PUBLIC

    @extend_schema(request=forms.RefreshForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """End this session."""
        form = validated(forms.RefreshForm, request)
        services.session_end_by_refresh(refresh=refresh_of(request, form.get("refresh")))
        return without_refresh(Response(status=204))


class LogoutAllApi(ApiView):
    """POST auth/logout-all."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=Empty, responses={204: None})
    def post(self, request: Request) -> Response:
        """End every session of the viewer."""
        validated(Empty, request)
        services.sessions_end_all(user_id=self.viewer.pk)
        return without_refresh(Response(status=204))


class UsernameAvailableApi(ApiView):
    """GET auth/username-available."""

    access = Access.PUBLIC
    limits = {"GET": constants.AVAILABLE_LIMIT}

    @extend_schema(parameters=[forms.AvailableQuery], responses=forms.AvailableSerializer)
    def get(self, request: Request) -> Response:
        """Whether the name can be taken now."""
        name = validated_query(forms.AvailableQuery, request)["q"]
        return Response({"available": selectors.is_username_free(name)})


class WsTicketApi(ApiView):
    """POST auth/ws-ticket."""

    access = Access.USER
    limits = {"POST": constants.TICKET_LIMIT}

    @extend_schema(request=Empty, responses=forms.TicketSerializer)
    def post(self, request: Request) -> Response:
        """A ticket for one socket."""
        validated(Empty, request)
        client = client_kind(request)
        origin = "" if client == constants.ClientKind.NATIVE else settings.SITE_URL
        ticket = services.ws_ticket_issue(
            claims=cast("Auth", request.auth).claims, client=client, origin=origin
        )
        return Response({"ticket": ticket})
