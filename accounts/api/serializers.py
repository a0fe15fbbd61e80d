"""Input forms of the app: types and lengths; rules are the services'."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from rest_framework import serializers

from accounts.constants import (
    BIO_MAX,
    CONTACT_MESSAGE_MAX,
    CONTACT_NAME_MAX,
    CONTACT_SUBJECT_MAX,
    DISPLAY_NAME_MAX,
    LINK_MAX,
    LINKS_MAX,
    MUTE_SCOPES,
    PASSWORD_MAX,
    PRONOUNS_MAX,
    RELATIONSHIPS_MAX,
    REPORT_TEXT_MAX,
    SUGGESTION_REASONS,
    TOKEN_DAYS,
    TOKEN_NAME_MAX,
    TOKEN_SCOPES,
    USERNAME_MAX,
    ReportReason,
    ReportState,
)
from accounts.shapes import MeSerializer, RelationshipSerializer, UserSummarySerializer
from core.api import StrictSerializer
from core.api.fields import IdField
from core.api.pagination import PageQuery


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


class UsernameQuery(StrictSerializer):
    """`?q=` or `?username=` of one name."""

    username = serializers.CharField(max_length=100)


class AvailableQuery(StrictSerializer):
    """GET auth/username-available."""

    q = serializers.CharField(max_length=100)


class PeopleQuery(PageQuery):
    """A list of people, narrowed by part of a name."""

    q = serializers.CharField(required=False, max_length=100, allow_blank=True, default="")


class LinkField(serializers.CharField):
    """An http or https address."""

    default_error_messages: ClassVar = {"bad_link": "Use an address with http:// or https://."}

    def to_internal_value(self, data: Any) -> str:
        """Any other scheme, as javascript:, is refused."""
        value = str(super().to_internal_value(data))
        try:
            parts = urlsplit(value)
        except ValueError:
            self.fail("bad_link")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            self.fail("bad_link")
        return value


class ProfileForm(StrictSerializer):
    """PATCH me."""

    display_name = serializers.CharField(
        max_length=DISPLAY_NAME_MAX, required=False, allow_blank=True
    )
    bio = serializers.CharField(max_length=BIO_MAX, required=False, allow_blank=True)
    pronouns = serializers.CharField(max_length=PRONOUNS_MAX, required=False, allow_blank=True)
    links = serializers.ListField(
        child=LinkField(max_length=LINK_MAX), max_length=LINKS_MAX, required=False
    )
    is_private = serializers.BooleanField(required=False)


class UsernameForm(StrictSerializer):
    """PUT me/username."""

    username = serializers.CharField(max_length=USERNAME_MAX)


class ReportForm(StrictSerializer):
    """POST reports."""

    target_kind = serializers.CharField(max_length=20)
    target_id = IdField()
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField(
        max_length=REPORT_TEXT_MAX, required=False, allow_blank=True, default=""
    )


class AppealForm(StrictSerializer):
    """POST appeals: the token of the mail about an act."""

    token = serializers.CharField(max_length=100)
    text = serializers.CharField(max_length=REPORT_TEXT_MAX)


class ConsentForm(StrictSerializer):
    """POST me/consents: a document, in the version that was read."""

    document = serializers.CharField(max_length=20)
    version = serializers.CharField(max_length=20)


class ContactForm(StrictSerializer):
    """POST contact."""

    name = serializers.CharField(max_length=CONTACT_NAME_MAX)
    email = serializers.EmailField(max_length=254)
    subject = serializers.CharField(max_length=CONTACT_SUBJECT_MAX)
    message = serializers.CharField(max_length=CONTACT_MESSAGE_MAX)


class SettingsForm(StrictSerializer):
    """PATCH me/settings."""

    hide_follow_lists = serializers.BooleanField(required=False)
    suggest_me = serializers.BooleanField(required=False)


class MuteForm(StrictSerializer):
    """PUT users/{id}/mute: what of them, and until when; without an end until it is taken back."""

    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=MUTE_SCOPES), min_length=1, max_length=3
    )
    until = serializers.DateTimeField(required=False, allow_null=True)


class RelationshipsQuery(StrictSerializer):
    """GET users/relationships: ids with commas between."""

    ids = serializers.CharField(max_length=2100)

    def validate_ids(self, value: str) -> list[int]:
        """At most RELATIONSHIPS_MAX numbers that can be ids."""
        numbers = [word for word in value.split(",") if word]
        if len(numbers) > RELATIONSHIPS_MAX or not all(
            word.isascii() and word.isdigit() and 0 < int(word) < 2**63 for word in numbers
        ):
            raise serializers.ValidationError(f"Up to {RELATIONSHIPS_MAX} ids.", code="bad_ids")
        return [int(word) for word in numbers]


class AvatarForm(StrictSerializer):
    """PUT me/avatar, as multipart."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)


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


class FollowStateSerializer(serializers.Serializer[Any]):
    """Schema of a follow toggle."""

    state = serializers.ChoiceField(choices=["following", "requested", "none"])


class BlockedSerializer(serializers.Serializer[Any]):
    """Schema of a block toggle."""

    blocking = serializers.BooleanField()


class MutedSerializer(serializers.Serializer[Any]):
    """Schema of a mute."""

    muting = serializers.BooleanField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=MUTE_SCOPES))
    until = serializers.DateTimeField(allow_null=True)


class MutedPersonSerializer(UserSummarySerializer):
    """Schema of a muted person."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=MUTE_SCOPES))
    until = serializers.DateTimeField(allow_null=True)


class RestrictedSerializer(serializers.Serializer[Any]):
    """Schema of a restriction."""

    restricted = serializers.BooleanField()


class CloseFriendSerializer(serializers.Serializer[Any]):
    """Schema of a close friend."""

    close_friend = serializers.BooleanField()


class RelationshipsSerializer(serializers.Serializer[Any]):
    """Schema of users/relationships: who is not visible is left out."""

    results = serializers.DictField(child=RelationshipSerializer())


class SettingsSerializer(serializers.Serializer[Any]):
    """Schema of the settings."""

    hide_follow_lists = serializers.BooleanField()
    suggest_me = serializers.BooleanField()


class SuggestionSerializer(serializers.Serializer[Any]):
    """Schema of a suggested person, with the reason."""

    user = UserSummarySerializer()
    reason = serializers.ChoiceField(choices=SUGGESTION_REASONS)
    mutuals = UserSummarySerializer(many=True)
    mutuals_count = serializers.IntegerField()


class SuggestionsSerializer(serializers.Serializer[Any]):
    """Schema of users/suggestions."""

    results = SuggestionSerializer(many=True)


class DeleteAfterSerializer(serializers.Serializer[Any]):
    """Schema of the answer to me/delete."""

    delete_after = serializers.DateTimeField()


class ConsentSerializer(serializers.Serializer[Any]):
    """Schema of what one agreed to."""

    id = serializers.CharField()
    document = serializers.CharField()
    version = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReportSerializer(serializers.Serializer[Any]):
    """Schema of Report: what became of it, never by whom."""

    id = serializers.CharField()
    target_kind = serializers.CharField()
    target_id = serializers.CharField()
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=ReportState.choices)
    created_at = serializers.DateTimeField()
    handled_at = serializers.DateTimeField(allow_null=True)
