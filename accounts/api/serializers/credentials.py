"""Forms of getting in and staying in: names, passwords, codes, sessions, tokens."""

from typing import Any

from rest_framework import serializers

from accounts.constants import (
    DISPLAY_NAME_MAX,
    PASSWORD_MAX,
    TOKEN_DAYS,
    TOKEN_NAME_MAX,
    TOKEN_SCOPES,
    USERNAME_MAX,
)
from accounts.shapes import MeSerializer
from core.api import StrictSerializer


class PasswordField(serializers.CharField):
    """A password as it was typed: not trimmed, at most 128 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=PASSWORD_MAX, trim_whitespace=False, write_only=True, **kwargs)


class RegisterForm(StrictSerializer):
    """POST auth/register."""

    username = serializers.CharField(max_length=USERNAME_MAX)
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    display_name = serializers.CharField(
        max_length=DISPLAY_NAME_MAX, required=False, allow_blank=True, default=""
    )
    invite = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class LoginForm(StrictSerializer):
    """POST auth/login."""

    login = serializers.CharField(max_length=254)
    password = PasswordField()


class SecondStepForm(StrictSerializer):
    """POST auth/login/mfa: a code of the authenticator, or a recovery code."""

    mfa_token = serializers.CharField(max_length=200)
    code = serializers.CharField(max_length=20)


class PasswordForm(StrictSerializer):
    """What needs the password once more."""

    password = PasswordField()


class TotpConfirmForm(StrictSerializer):
    """POST auth/mfa/totp/confirm."""

    code = serializers.CharField(max_length=12)


class TokenForm(StrictSerializer):
    """POST auth/tokens."""

    name = serializers.CharField(max_length=TOKEN_NAME_MAX)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=TOKEN_SCOPES), min_length=1, max_length=4
    )
    days = serializers.ChoiceField(choices=TOKEN_DAYS)
    password = PasswordField()


class RefreshForm(StrictSerializer):
    """POST auth/refresh and auth/logout; browsers send `{}` and their cookie."""

    refresh = serializers.CharField(max_length=200, required=False)


class VerifyForm(StrictSerializer):
    """POST auth/email/verify: the link's token from anywhere, or the code of whoever is signed in."""

    token = serializers.CharField(max_length=100, required=False)
    code = serializers.CharField(max_length=12, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two; blanks inside a code are how people read it."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Send either token or code.", code="token_or_code")
        return {name: "".join(value.split()) for name, value in attrs.items()}


class EmailChangeForm(StrictSerializer):
    """POST auth/email/change."""

    email = serializers.EmailField(max_length=254)
    password = PasswordField()


class ForgotForm(StrictSerializer):
    """POST auth/password/forgot."""

    email = serializers.EmailField(max_length=254)


class ResetForm(StrictSerializer):
    """POST auth/password/reset."""

    token = serializers.CharField(max_length=100)
    password = PasswordField()


class PasswordChangeForm(StrictSerializer):
    """POST auth/password/change."""

    old_password = PasswordField()
    password = PasswordField()


class AvailableQuery(StrictSerializer):
    """GET auth/username-available."""

    q = serializers.CharField(max_length=100)


class UsernameForm(StrictSerializer):
    """PUT me/username."""

    username = serializers.CharField(max_length=USERNAME_MAX)


class SignedInSerializer(serializers.Serializer[Any]):
    """Schema of the answer to register and log-in; `refresh` for native clients only."""

    access = serializers.CharField()
    user = MeSerializer()
    refresh = serializers.CharField(required=False)


class SecondFactorSerializer(serializers.Serializer[Any]):
    """Schema of a log-in that needs a second step."""

    mfa_required = serializers.BooleanField()
    mfa_token = serializers.CharField()


class SessionSerializer(serializers.Serializer[Any]):
    """Schema of Session: where somebody is signed in."""

    id = serializers.CharField()
    client = serializers.ChoiceField(choices=["browser", "native"])
    user_agent = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    current = serializers.BooleanField()


class SecuritySerializer(serializers.Serializer[Any]):
    """Schema of GET auth/mfa."""

    totp = serializers.BooleanField()
    recovery_codes_left = serializers.IntegerField()


class TotpSerializer(serializers.Serializer[Any]):
    """Schema of a new second factor."""

    secret = serializers.CharField()
    uri = serializers.CharField()
    qr_svg = serializers.CharField()


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    """Schema of recovery codes: shown once."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class TokenSerializer(serializers.Serializer[Any]):
    """Schema of a personal token."""

    id = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()


class NewTokenSerializer(TokenSerializer):
    """Schema of a new personal token: `token` is shown once."""

    token = serializers.CharField()


class AccessSerializer(serializers.Serializer[Any]):
    """Schema of the answer to refresh."""

    access = serializers.CharField()
    refresh = serializers.CharField(required=False)


class TicketSerializer(serializers.Serializer[Any]):
    """Schema of a WebSocket ticket."""

    ticket = serializers.CharField()


class AvailableSerializer(serializers.Serializer[Any]):
    """Schema of auth/username-available."""

    available = serializers.BooleanField()


class DeleteAfterSerializer(serializers.Serializer[Any]):
    """Schema of the answer to me/delete."""

    delete_after = serializers.DateTimeField()
