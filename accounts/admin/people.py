"""People in the admin: to look somebody up, to note something, and to act with a reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.constants import ModerationAct, Role
from accounts.models import ModerationNote, Session, User
from accounts.services import Case, moderation_act, sessions_end_all
from core.admin import ReadOnlyAdmin, ReasonForm, acting


def _on_user(act: ModerationAct) -> Any:
    def run(user: User, *, moderator: User, reason: str) -> None:
        moderation_act(moderator=moderator, act=act, case=Case("user", user.pk), reason=reason)

    return run


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Accounts, newest first. Nothing is added here: registration makes accounts."""

    list_display = ("username", "display_name", "role", "state", "is_private", "created_at")
    list_filter = ("state", "role", "is_private")
    search_fields = ("username", "display_name", "email")
    ordering = ("-id",)
    show_full_result_count = False
    fields = ("username", "email", "email_verified_at", "role", "state", "is_private",
              "display_name", "bio", "pronouns", "posts_count", "followers_count",
              "following_count", "created_at", "delete_after", "last_login")  # fmt: skip
    readonly_fields = [name for name in fields if name != "role"]
    action_form = ReasonForm
    actions = [
        acting("Warn", _on_user(ModerationAct.WARN)),
        acting("Limit", _on_user(ModerationAct.LIMIT)),
        acting("Suspend", _on_user(ModerationAct.SUSPEND)),
        acting("Restore", _on_user(ModerationAct.RESTORE)),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: a password would have to be set by somebody else."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: deleting goes through its own service, which erases everywhere."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only admins give roles, and nobody gives one to themselves."""
        may_give = getattr(request.user, "role", "") == Role.ADMIN and obj != request.user
        return self.readonly_fields if may_give else [*self.readonly_fields, "role"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """Another role means other rights: every token of theirs ends."""
        super().save_model(request, obj, form, change)
        if "role" in form.changed_data:
            sessions_end_all(user_id=obj.pk)


@admin.register(ModerationNote)
class ModerationNoteAdmin(ReadOnlyAdmin):
    """What moderators tell each other about an account; what was noted stays."""

    list_display = ("created_at", "user", "author", "text")
    list_select_related = ("user", "author")
    search_fields = ("=user__username", "text")
    ordering = ("-id",)
    fields = ("user", "text")
    raw_id_fields = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """All staff."""
        return bool(getattr(request.user, "is_staff", False))

    def save_model(
        self,
        request: HttpRequest,
        obj: ModerationNote,
        form: Any,
        change: bool,  # noqa: FBT001
    ) -> None:
        """Notes carry their author."""
        obj.author = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Where people are signed in, to look at."""

    list_display = ("user", "client", "user_agent", "address", "created_at", "revoked_at")
    list_filter = ("client",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    ordering = ("-id",)
