"""Where somebody is signed in, the second factor, and personal tokens. Sessions only: no token."""

from dataclasses import replace

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from accounts.api.clients import device_of
from accounts.shapes import session_shape, token_shape
from core.api import Access, ApiView, validated

ACCOUNT = {"GET": "account", "POST": "account", "DELETE": "account"}


class SessionsApi(ApiView):
    """GET auth/sessions."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(responses=forms.SessionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Everywhere that the viewer is signed in, the place used last first."""
        found = selectors.my_sessions(viewer=self.viewer)
        return Response([session_shape(s, current_id=self.viewer.session_id) for s in found])


class SessionApi(ApiView):
    """DELETE auth/sessions/{id}."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: int) -> Response:
        """Sign out there; an unknown one changes nothing."""
        services.session_end(user_id=self.viewer.pk, session_id=session_id)
        return Response(status=204)


class SecondFactorApi(ApiView):
    """GET auth/mfa."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(responses=forms.SecuritySerializer)
    def get(self, request: Request) -> Response:
        """Whether there is a second factor, and how many recovery codes are left."""
        is_on, left = selectors.second_factor_of(viewer=self.viewer)
        return Response({"totp": is_on, "recovery_codes_left": left})


class TotpApi(ApiView):
    """POST and DELETE auth/mfa/totp."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(request=forms.PasswordForm, responses=forms.TotpSerializer)
    def post(self, request: Request) -> Response:
        """A new secret, which counts after a first right code."""
        form = validated(forms.PasswordForm, request)
        user = services.password_confirm(user_id=self.viewer.pk, **form)
        made = services.totp_begin(user=user)
        return Response({"secret": made.secret, "uri": made.uri, "qr_svg": made.qr_svg})

    @extend_schema(request=forms.PasswordForm, responses={204: None})
    def delete(self, request: Request) -> Response:
        """The password alone is enough again."""
        form = validated(forms.PasswordForm, request)
        services.password_confirm(user_id=self.viewer.pk, **form)
        services.totp_remove(user_id=self.viewer.pk)
        return Response(status=204)


class TotpConfirmApi(ApiView):
    """POST auth/mfa/totp/confirm."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(request=forms.TotpConfirmForm, responses=forms.RecoveryCodesSerializer)
    def post(self, request: Request) -> Response:
        """Switch it on by the first right code; the recovery codes are shown once."""
        form = validated(forms.TotpConfirmForm, request)
        codes = services.totp_confirm(user_id=self.viewer.pk, **form)
        return Response({"recovery_codes": codes})


class RecoveryCodesApi(ApiView):
    """POST auth/mfa/recovery-codes."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(request=forms.PasswordForm, responses=forms.RecoveryCodesSerializer)
    def post(self, request: Request) -> Response:
        """Ten new ones; the old ones are void."""
        form = validated(forms.PasswordForm, request)
        services.password_confirm(user_id=self.viewer.pk, **form)
        codes = services.recovery_codes_renew(user_id=self.viewer.pk)
        return Response({"recovery_codes": codes})


class TokensApi(ApiView):
    """GET and POST auth/tokens."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(responses=forms.TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The viewer's personal tokens."""
        return Response([token_shape(t) for t in selectors.my_tokens(viewer=self.viewer)])

    @extend_schema(request=forms.TokenForm, responses={201: forms.NewTokenSerializer})
    def post(self, request: Request) -> Response:
        """A new one; its text is shown once."""
        form = validated(forms.TokenForm, request)
        user = services.password_confirm(user_id=self.viewer.pk, password=form.pop("password"))
        device = replace(device_of(request), client=constants.ClientKind.TOKEN)
        made = services.personal_token_create(user=user, device=device, **form)
        return Response({**token_shape(made.token), "token": made.text}, status=201)


class TokenApi(ApiView):
    """DELETE auth/tokens/{id}."""

    access = Access.USER
    scope = ACCOUNT

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """Void within 5 s."""
        services.personal_token_end(user_id=self.viewer.pk, token_id=token_id)
        return Response(status=204)
