"""Notifications in the admin: who was told of what kind of thing, read only."""

from typing import Final

from django.contrib import admin
from django.http import HttpRequest

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
class NotificationAdmin(admin.ModelAdmin[Notification]):
    """Read only: notifications follow from what is true elsewhere."""

    list_display = ("id", "recipient", "type", "actors_count", "updated_at", "seen_at")
    list_filter = ("type",)
    list_select_related = ("recipient",)
    fields = SHOWN
    readonly_fields = SHOWN
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody tells anything from here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notification | None = None) -> bool:
        """Nobody changes what was told."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notification | None = None) -> bool:
        """They go with what they are about."""
        return False
