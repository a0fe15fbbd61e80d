"""Posts and what hangs on them in the admin; they change through the services alone."""

from typing import Any, Final

from django.contrib import admin

from accounts.constants import ModerationAct
from accounts.models import User
from accounts.services import Case, moderation_act
from core.admin import ReadOnlyAdmin, ReasonForm, acting
from posts.models import Hashtag, PeopleTag, Place, Post, PostRevision

SHOWN: Final = (
    "shortcode",
    "author",
    "state",
    "audience",
    "caption",
    "hashtags",
    "place",
    "sensitive",
    "comments_policy",
    "hide_like_count",
    "likes_count",
    "comments_count",
    "saves_count",
    "publish_at",
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


@admin.register(PostRevision)
class PostRevisionAdmin(ReadOnlyAdmin):
    """What a post said before."""

    list_display = ("post", "since", "replaced_at")
    list_select_related = ("post",)
    search_fields = ("=post__shortcode",)
    ordering = ("-id",)


@admin.register(Hashtag)
class HashtagAdmin(ReadOnlyAdmin):
    """Found by name."""

    list_display = ("name", "posts_count", "created_at")
    search_fields = ("=name",)
    ordering = ("-posts_count", "-id")


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    """Found by name or by who made it."""

    list_display = ("name", "country", "latitude", "longitude", "created_by")
    list_select_related = ("created_by",)
    search_fields = ("name", "=created_by__username")
    ordering = ("-id",)


@admin.register(PeopleTag)
class PeopleTagAdmin(ReadOnlyAdmin):
    """Found by the person or the post."""

    list_display = ("user", "post", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("user", "post")
    search_fields = ("=user__username", "=post__shortcode")
    ordering = ("-id",)
