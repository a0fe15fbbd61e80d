"""Forms of profiles, settings and relations."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from rest_framework import serializers

from accounts.constants import (
    BIO_MAX,
    DISPLAY_NAME_MAX,
    LINK_MAX,
    LINKS_MAX,
    MUTE_SCOPES,
    PRONOUNS_MAX,
    RELATIONSHIPS_MAX,
    SUGGESTION_REASONS,
)
from accounts.shapes import RelationshipSerializer, UserSummarySerializer
from core.api import StrictSerializer
from core.api.fields import IdsField
from core.api.pagination import PageQuery


class UsernameQuery(StrictSerializer):
    """`?q=` or `?username=` of one name."""

    username = serializers.CharField(max_length=100)


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


class SettingsForm(StrictSerializer):
    """PATCH me/settings."""

    hide_follow_lists = serializers.BooleanField(required=False)
    activity_status = serializers.BooleanField(required=False)
    suggest_me = serializers.BooleanField(required=False)
    approve_tags = serializers.BooleanField(required=False)


class MuteForm(StrictSerializer):
    """PUT users/{id}/mute: what of them, and until when; without an end until it is taken back."""

    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=MUTE_SCOPES), min_length=1, max_length=3
    )
    until = serializers.DateTimeField(required=False, allow_null=True)


class RelationshipsQuery(StrictSerializer):
    """GET users/relationships: ids with commas between."""

    ids = IdsField(most=RELATIONSHIPS_MAX)


class AvatarForm(StrictSerializer):
    """PUT me/avatar, as multipart."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)


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
    activity_status = serializers.BooleanField()
    suggest_me = serializers.BooleanField()
    approve_tags = serializers.BooleanField()


class SuggestionSerializer(serializers.Serializer[Any]):
    """Schema of a suggested person, with the reason."""

    user = UserSummarySerializer()
    reason = serializers.ChoiceField(choices=SUGGESTION_REASONS)
    mutuals = UserSummarySerializer(many=True)
    mutuals_count = serializers.IntegerField()


class SuggestionsSerializer(serializers.Serializer[Any]):
    """Schema of users/suggestions."""

    results = SuggestionSerializer(many=True)


class WordsSerializer(serializers.Serializer[Any]):
    """Schema of the hidden words."""

    results = serializers.ListField(child=serializers.CharField())


class WordHiddenSerializer(serializers.Serializer[Any]):
    """Schema of hiding a word."""

    hidden = serializers.BooleanField()
