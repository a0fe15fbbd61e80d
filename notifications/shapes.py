"""The outer form of notifications and badges; the sentences are made here."""

from datetime import datetime
from typing import Any, TypedDict, cast

from rest_framework import serializers

from accounts.shapes import UserSummarySerializer, UserSummaryShape
from comments.models import Comment
from media_storage.shapes import MediaSnapshot, media_shape
from notifications.constants import EXCERPT_MAX, NotificationType, TargetKind
from notifications.models import Notification
from posts.models import Post


class TargetShape(TypedDict):
    """What a notification leads to: a person, a post, or a comment on the post `shortcode`."""

    kind: str
    id: str
    shortcode: str | None
    text: str | None
    preview_url: str | None


class NotificationShape(TypedDict):
    """A notification as the API gives it."""

    id: str
    type: str
    actors: list[UserSummaryShape]
    actors_count: int
    target: TargetShape
    text: str
    created_at: datetime
    updated_at: datetime
    seen: bool
    read: bool


class BadgesShape(TypedDict):
    """The numbers beside the menu's entries."""

    messages: int
    message_requests: int
    notifications: int
    follow_requests: int


_SENTENCES = {
    NotificationType.FOLLOW: "{who} started following you.",
    NotificationType.FOLLOW_REQUEST: "{who} asked to follow you.",
    NotificationType.FOLLOW_ACCEPTED: "{who} accepted your request to follow.",
    NotificationType.POST_LIKE: "{who} liked your post.",
    NotificationType.COMMENT: "{who} commented: “{words}”",
    NotificationType.COMMENT_REPLY: "{who} replied to your comment: “{words}”",
    NotificationType.COMMENT_LIKE: "{who} liked your comment: “{words}”",
}


def notification_shape(row: Notification, *, actors: list[UserSummaryShape]) -> NotificationShape:
    """A row with its post and comment loaded, and its newest visible people, of whom one exists.

    The number counts people who are suspended or gone for a while too, so it is an upper bound.
    """
    count = max(row.actors_count, len(actors))
    target = _target(row, actors[0])
    sentence = _SENTENCES[NotificationType(row.type)]
    return {
        "id": str(row.pk),
        "type": row.type,
        "actors": actors,
        "actors_count": count,
        "target": target,
        "text": sentence.format(who=_who(actors, count), words=target["text"]),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "seen": row.seen_at is not None,
        "read": row.read_at is not None,
    }


def _who(actors: list[UserSummaryShape], count: int) -> str:
    """`a`, `a and b`, `a and 2 others`."""
    first = actors[0]["username"]
    if count == 1:
        return first
    if count == len(actors) == 2:  # noqa: PLR2004
        return f"{first} and {actors[1]['username']}"
    others = "1 other" if count == 2 else f"{count - 1} others"  # noqa: PLR2004
    return f"{first} and {others}"


def _target(row: Notification, newest: UserSummaryShape) -> TargetShape:
    if row.comment is not None and row.post is not None:
        return {
            "kind": TargetKind.COMMENT,
            "id": str(row.comment.pk),
            "shortcode": row.post.shortcode,
            "text": _excerpt(row.comment),
            "preview_url": _preview_url(row.post),
        }
    if row.post is not None:
        return {
            "kind": TargetKind.POST,
            "id": str(row.post.pk),
            "shortcode": row.post.shortcode,
            "text": None,
            "preview_url": _preview_url(row.post),
        }
    return {
        "kind": TargetKind.USER,
        "id": newest["id"],
        "shortcode": None,
        "text": None,
        "preview_url": None,
    }


def _excerpt(comment: Comment) -> str:
    """The first words, on one line."""
    words = " ".join(comment.body.split())
    return words if len(words) <= EXCERPT_MAX else f"{words[: EXCERPT_MAX - 1]}…"


def _preview_url(post: Post) -> str | None:
    """The smallest file of the first picture."""
    if not post.media:
        return None
    variants = media_shape(cast("MediaSnapshot", post.media[0]))["variants"]
    return variants[0]["url"] if variants else None


class NotificationTargetSerializer(serializers.Serializer[Any]):
    """What a notification leads to: a person, a post, or a comment on the post `shortcode`."""

    kind = serializers.ChoiceField(choices=TargetKind.values)
    id = serializers.CharField()
    shortcode = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    preview_url = serializers.CharField(allow_null=True)


class NotificationSerializer(serializers.Serializer[Any]):
    """A notification. `actors` are the newest three people, `text` the whole in English."""

    id = serializers.CharField()
    type = serializers.ChoiceField(choices=NotificationType.values)
    actors = UserSummarySerializer(many=True)
    actors_count = serializers.IntegerField()
    target = NotificationTargetSerializer()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    seen = serializers.BooleanField()
    read = serializers.BooleanField()


class BadgesSerializer(serializers.Serializer[Any]):
    """What waits; no number counts what another one counts. 100 means 100 or more."""

    messages = serializers.IntegerField()
    message_requests = serializers.IntegerField()
    notifications = serializers.IntegerField()
    follow_requests = serializers.IntegerField()
