"""Input forms of the app, and the schemas of its small answers."""

from typing import Any

from rest_framework import serializers

from core.api import StrictSerializer
from core.api.fields import IdField, IdsField
from core.api.pagination import PageQuery
from core.ids import LARGEST_ID
from messaging.constants import (
    BODY_MAX,
    CHANGES_DEFAULT,
    CHANGES_MAX,
    GROUP_MAX,
    HISTORY_DEFAULT,
    HISTORY_MAX,
    PRESENCE_MAX,
    QUERY_MAX,
    TITLE_MAX,
    Folder,
)
from messaging.shapes import ConversationSerializer, MessageSerializer, PresenceSerializer


class NumberField(serializers.IntegerField):
    """A seq or rev: within 0..2**63 - 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST_ID, **kwargs)


class InboxQuery(PageQuery):
    """GET conversations."""

    folder = serializers.ChoiceField(choices=Folder.choices, required=False, default=Folder.PRIMARY)
    q = serializers.CharField(required=False, allow_blank=True, max_length=QUERY_MAX, default="")


class ConversationForm(StrictSerializer):
    """POST conversations."""

    user_ids = serializers.ListField(child=IdField(), min_length=1, max_length=GROUP_MAX)
    title = serializers.CharField(
        required=False, allow_blank=True, max_length=TITLE_MAX, default=""
    )


class HistoryQuery(StrictSerializer):
    """GET conversations/{id}/messages: at most one of the three."""

    before_seq = NumberField(required=False)
    after_seq = NumberField(required=False)
    around_seq = NumberField(required=False)
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=HISTORY_MAX, default=HISTORY_DEFAULT
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One place at a time."""
        if len(attrs.keys() - {"limit"}) > 1:
            raise serializers.ValidationError("Give one of them only.", code="one_place_only")
        return attrs


class MessageForm(StrictSerializer):
    """POST conversations/{id}/messages."""

    client_id = serializers.UUIDField(format="hex_verbose")
    body = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=BODY_MAX, default=""
    )
    media_ids = serializers.ListField(child=IdField(), required=False, max_length=20)
    post_id = IdField(required=False, allow_null=True)
    reply_to_seq = NumberField(required=False, allow_null=True, default=None)


class ChangesQuery(StrictSerializer):
    """GET conversations/{id}/changes."""

    after_rev = NumberField(required=False, default=0)
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=CHANGES_MAX, default=CHANGES_DEFAULT
    )


class PresenceQuery(StrictSerializer):
    """GET presence: ids with commas between."""

    user_ids = IdsField(most=PRESENCE_MAX)


class ReadForm(StrictSerializer):
    """PUT conversations/{id}/read."""

    seq = NumberField()


class ReadSerializer(serializers.Serializer[Any]):
    """Schema of a read mark."""

    seq = serializers.IntegerField()


class PresencesSerializer(serializers.Serializer[Any]):
    """Schema of GET presence."""

    results = PresenceSerializer(many=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """Schema of what changed in a conversation."""

    results = MessageSerializer(many=True)
    conversation = ConversationSerializer()
    rev = serializers.IntegerField()
    has_more = serializers.BooleanField()
