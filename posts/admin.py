"""Posts in the admin: where they stand; words and pictures change through the services alone."""

from typing import Final

from django.contrib import admin
from django.http import HttpRequest

from posts.models import Post

SHOWN: Final = (
    "shortcode",
    "author",
    "state",
    "audience",
    "caption",
    "sensitive",
    "comments_policy",
    "hide_like_count",
    "likes_count",
    "comments_count",
    "saves_count",
    "published_at",
    "edited_at",
    "deleted_at",
    "created_at",
)


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    """Read only; found by public name or by author."""

    list_display = ("shortcode", "author", "state", "audience", "likes_count", "published_at")
    list_filter = ("state", "audience")
    list_select_related = ("author",)
    search_fields = ("=shortcode", "=author__username")
    ordering = ("-id",)
    fields = SHOWN
    readonly_fields = SHOWN
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody posts from here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Nobody changes other people's posts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Deleting here would leave counters and files behind."""
        return False
