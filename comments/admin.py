"""Comments in the admin: where they stand, not what they say."""

from typing import Final

from django.contrib import admin
from django.http import HttpRequest

from comments.models import Comment

SHOWN: Final = (
    "post",
    "author",
    "root",
    "parent",
    "state",
    "likes_count",
    "replies_count",
    "created_at",
    "edited_at",
    "deleted_at",
)


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    """Read only: words are changed and taken away by the services alone."""

    list_display = ("id", "post", "author", "state", "likes_count", "replies_count", "created_at")
    list_filter = ("state",)
    list_select_related = ("post", "author")
    fields = SHOWN
    readonly_fields = SHOWN
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody comments from here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Nobody changes words."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Deleting here would leave the counters behind."""
        return False
