"""Comments in the admin: where they stand, not what they say; a report shows that."""

from typing import Any, Final

from django.contrib import admin

from accounts.constants import ModerationAct
from accounts.models import User
from accounts.services import Case, moderation_act
from comments.models import Comment
from core.admin import ReadOnlyAdmin, ReasonForm, acting

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


def _on_comment(act: ModerationAct) -> Any:
    def run(comment: Comment, *, moderator: User, reason: str) -> None:
        case = Case("comment", comment.pk)
        moderation_act(moderator=moderator, act=act, case=case, reason=reason)

    return run


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Newest first; each act is told to the author."""

    list_display = ("id", "post", "author", "state", "likes_count", "replies_count", "created_at")
    list_filter = ("state",)
    list_select_related = ("post", "author")
    search_fields = ("=post__shortcode", "=author__username")
    ordering = ("-id",)
    fields = SHOWN
    action_form = ReasonForm
    actions = [
        acting("Warn the author", _on_comment(ModerationAct.WARN)),
        acting("Hide it", _on_comment(ModerationAct.HIDE)),
        acting("Show it again", _on_comment(ModerationAct.SHOW)),
        acting("Delete it", _on_comment(ModerationAct.DELETE)),
    ]
