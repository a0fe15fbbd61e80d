"""People in the admin: to look somebody up; acts of moderation have pages of their own."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Session, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Accounts, newest first. Nothing is added here: registration makes accounts."""

    list_display = ("username", "display_name", "role", "state", "is_private", "created_at")
    list_filter = ("state", "role", "is_private")
    search_fields = ("username", "display_name", "email")
    ordering = ("-id",)
    fields = ("username", "email", "email_verified_at", "role", "state", "is_private",
              "display_name", "bio", "pronouns", "posts_count", "followers_count",
              "following_count", "created_at", "last_login")  # fmt: skip
    readonly_fields: ClassVar = [name for name in fields if name not in ("role", "state")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: a password would have to be set by somebody else."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: deleting goes through its own service, which erases everywhere."""
        return False


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin[Session]):
    """Where people are signed in, to look at."""

    list_display = ("user", "client", "user_agent", "address", "created_at", "revoked_at")
    list_filter = ("client",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        """Never: a session is ended by its service, which voids its tokens."""
        return False
