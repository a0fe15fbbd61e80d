"""Invites, what people agreed to, and letters to the operator."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Consent, ContactMessage, ErasedAccount, Invite
from core.admin import ReadOnlyAdmin


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    """Made by `manage.py invite create`, which alone shows the code."""

    list_display = ("id", "note", "uses", "most_uses", "created_at", "expires_at")
    ordering = ("-id",)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to what, in which version, when, and from where."""

    list_display = ("created_at", "user", "document", "version", "address")
    list_filter = ("document", "version")
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    ordering = ("-id",)


@admin.register(ContactMessage)
class ContactMessageAdmin(admin.ModelAdmin[ContactMessage]):
    """Letters, newest first; `answered at` is the operator's own mark."""

    list_display = ("created_at", "name", "email", "subject", "answered_at")
    list_filter = ("answered_at",)
    search_fields = ("name", "email", "subject")
    ordering = ("-id",)
    fields = ("created_at", "name", "email", "subject", "message", "user", "answered_at")
    readonly_fields = ("created_at", "name", "email", "subject", "message", "user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come from outside."""
        return False


@admin.register(ErasedAccount)
class ErasedAccountAdmin(ReadOnlyAdmin):
    """The ledger that a restored backup replays: numbers, no names."""

    list_display = ("user_id", "asked_at", "erased_at")
    ordering = ("-id",)
