"""Posts in the admin: where they stand; words and pictures change through the services alone."""

from typing import Any, Final

from django.contrib import admin

from accounts.constants import ModerationAct
from accounts.models import User
from accounts.services import Case, moderation_act
from core.admin import ReadOnlyAdmin, ReasonForm, acting
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


def _on_post(act: ModerationAct) -> Any:
    def run(post: Post, *, moderator: User, reason: str) -> None:
        moderation_act(moderator=moderator, act=act, case=Case("post", post.pk), reason=reason)

    return run


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    """Found by public name or by author; each act is told to the author."""

    list_display = ("shortcode", "author", "state", "audience", "likes_count", "published_at")
    list_filter = ("state", "audience")
    list_select_related = ("author",)
    search_fields = ("=shortcode", "=author__username")
    ordering = ("-id",)
    fields = SHOWN
    action_form = ReasonForm
    actions = [
        acting("Warn the author", _on_post(ModerationAct.WARN)),
        acting("Hide it", _on_post(ModerationAct.HIDE)),
        acting("Show it again", _on_post(ModerationAct.SHOW)),
        acting("Delete it", _on_post(ModerationAct.DELETE)),
    ]
