"""The outer form of notifications and badges; the sentences are made here."""

from datetime import datetime
from typing import Any, NamedTuple, TypedDict

import orjson
from rest_framework import serializers

from accounts.shapes import UserSummarySerializer, UserSummaryShape
from media_storage.shapes import media_shape
from notifications.constants import EXCERPT_MAX, NotificationType, TargetKind


class NotificationRow(NamedTuple):
    """A notification with what its post and comment say; `actor_ids` are the newest visible people.

    `media` is the JSON text of the post's pictures.
    """

    id: int
    type: str
    actors_count: int
    created_at: datetime
    updated_at: datetime
    seen_at: datetime | None
    read_at: datetime | None
    post_id: int | None
    shortcode: str | None
    media: str | None
    comment_id: int | None
    body: str | None
    actor_ids: list[int]


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
    NotificationType.MENTION: "{who} mentioned you in a post.",
    NotificationType.PEOPLE_TAG: "{who} tagged you in a post.",
    NotificationType.COMMENT: "{who} commented: “{words}”",
    NotificationType.COMMENT_REPLY: "{who} replied to your comment: “{words}”",
    NotificationType.COMMENT_MENTION: "{who} mentioned you in a comment: “{words}”",
    NotificationType.COMMENT_LIKE: "{who} liked your comment: “{words}”",
}


def notification_shape(
    row: NotificationRow, *, actors: list[UserSummaryShape]
) -> NotificationShape:
    """A row with its newest visible people, of whom there is at least one, as Notification.

    The number counts people who are suspended or gone for a while too, so it is an upper bound.
    """
    count = max(row.actors_count, len(actors))
    target = _target(row, actors[0])
    sentence = _SENTENCES[NotificationType(row.type)]
    return {
        "id": str(row.id),
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


def _target(row: NotificationRow, newest: UserSummaryShape) -> TargetShape:
    if row.post_id is None:
        kind, target_id = TargetKind.USER, newest["id"]
    elif row.comment_id is None:
        kind, target_id = TargetKind.POST, str(row.post_id)
    else:
        kind, target_id = TargetKind.COMMENT, str(row.comment_id)
    return {
        "kind": kind,
        "id": target_id,
        "shortcode": row.shortcode,
        "text": None if row.body is None else _excerpt(row.body),
        "preview_url": None if row.media is None else _preview_url(row.media),
    }


def _excerpt(body: str) -> str:
    """The first words, on one line."""
    words = " ".join(body.split())
    return words if len(words) <= EXCERPT_MAX else f"{words[: EXCERPT_MAX - 1]}…"


def _preview_url(media: str) -> str | None:
    """The smallest file of the first picture."""
    pictures = orjson.loads(media)
    variants = media_shape(pictures[0])["variants"] if pictures else []
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
