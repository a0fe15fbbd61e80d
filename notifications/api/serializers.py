"""Input forms of the app, and the schemas of its small answers."""

from typing import Any

from rest_framework import serializers

from core.api import StrictSerializer
from core.api.pagination import PageQuery
from notifications.constants import NotificationType


class NotificationsQuery(PageQuery):
    """One type, or all."""

    type = serializers.ChoiceField(choices=NotificationType.choices, required=False)


class NotificationsSeenForm(StrictSerializer):
    """PUT notifications/seen: the `updated_at` of the newest notification that was shown."""

    up_to = serializers.DateTimeField()


class UnreadCountSerializer(serializers.Serializer[Any]):
    """Schema of notifications/unread-count; 100 means 100 or more."""

    count = serializers.IntegerField()


class NotificationsSeenSerializer(serializers.Serializer[Any]):
    """Schema of the answer to notifications/seen: how many are left."""

    unread = serializers.IntegerField()
