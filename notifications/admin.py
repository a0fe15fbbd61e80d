"""Notifications in the admin: who was told of what kind of thing, read only."""

from typing import Final

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from notifications.models import Notification

SHOWN: Final = (
    "recipient",
    "type",
    "post",
    "comment",
    "actors_count",
    "created_at",
    "updated_at",
    "seen_at",
    "read_at",
)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Read only: notifications follow from what is true elsewhere."""

    list_display = ("id", "recipient", "type", "actors_count", "updated_at", "seen_at")
    list_filter = ("type",)
    list_select_related = ("recipient",)
    fields = SHOWN
