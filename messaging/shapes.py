"""The outer form of conversations and messages."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

import orjson
from rest_framework import serializers

from accounts.shapes import UserSummarySerializer, UserSummaryShape
from core.realtime.envelopes import timestamp
from core.realtime.presence import Presence
from media_storage.shapes import MediaSerializer
from messaging.constants import ConversationKind, Folder, MemberRole, MessageKind
from posts.shapes import PostSerializer

People = Mapping[int, UserSummaryShape]


class MessageRow(NamedTuple):
    """A message as it is stored; `payload` is JSON text."""

    id: int
    conversation_id: int
    seq: int
    rev: int
    sender_id: int | None
    client_id: UUID
    kind: str
    body: str
    payload: str
    reply_to_seq: int | None
    created_at: datetime
    edited_at: datetime | None
    unsent_at: datetime | None


class ConversationRow(NamedTuple):
    """A conversation and the viewer's own membership in it."""

    id: int
    kind: str
    title: str
    last_seq: int
    rev: int
    last_activity_at: datetime
    folder: str
    read_seq: int
    first_seq: int
    muted_until: datetime | None
    pinned_at: datetime | None


class MemberRow(NamedTuple):
    """Somebody in a conversation."""

    conversation_id: int
    user_id: int
    role: str
    read_seq: int


class MessageShape(TypedDict):
    """Message of API.md."""

    id: str
    conversation_id: str
    seq: int
    rev: int
    sender: UserSummaryShape | None
    client_id: str | None
    kind: str
    body: str
    media: list[Any]
    post: Any | None
    story: Any | None
    reply_to_seq: int | None
    reactions: list[Any]
    created_at: datetime
    edited_at: datetime | None
    unsent_at: datetime | None


class MemberShape(TypedDict):
    """One of Conversation.members."""

    user: UserSummaryShape
    role: str
    read_seq: int


class MyMemberShape(TypedDict):
    """Conversation.my: what the viewer has set for themselves."""

    read_seq: int
    muted_until: datetime | None
    pinned: bool


class ConversationShape(TypedDict):
    """Conversation of API.md."""

    id: str
    kind: str
    title: str | None
    avatar_url: str | None
    members: list[MemberShape]
    last_message: MessageShape | None
    first_seq: int
    last_seq: int
    rev: int
    unread_count: int
    folder: str
    my: MyMemberShape
    last_activity_at: datetime


class PresenceShape(TypedDict):
    """Whether somebody is online, and when they were last, as far as the viewer may know."""

    user_id: str
    state: str
    last_seen_at: str | None


def presence_shape(user_id: int, presence: Presence) -> PresenceShape:
    """One person's presence; `state` is active, away or offline."""
    return {
        "user_id": str(user_id),
        "state": presence.state,
        "last_seen_at": timestamp(presence.seen_at) if presence.seen_at else None,
    }


def message_shape(row: MessageRow, people: People) -> MessageShape:
    """A message; `people` holds the senders whom the viewer may see.

    Without its sender a message is `hidden`: the number stays, so that there is no hole.
    """
    sender = people.get(row.sender_id or 0)
    is_hidden = sender is None and row.kind != MessageKind.EVENT
    payload = {} if is_hidden or row.payload == "{}" else orjson.loads(row.payload)
    return {
        "id": str(row.id),
        "conversation_id": str(row.conversation_id),
        "seq": row.seq,
        "rev": row.rev,
        "sender": sender,
        "client_id": None if is_hidden else str(row.client_id),
        "kind": MessageKind.HIDDEN.value if is_hidden else row.kind,
        "body": "" if is_hidden else row.body,
        "media": payload.get("media", []),
        "post": payload.get("post"),
        "story": payload.get("story"),
        "reply_to_seq": None if is_hidden else row.reply_to_seq,
        "reactions": [],
        "created_at": row.created_at,
        "edited_at": None if is_hidden else row.edited_at,
        "unsent_at": None if is_hidden else row.unsent_at,
    }


def conversation_shape(
    row: ConversationRow,
    *,
    members: Iterable[MemberRow],
    last_message: MessageRow | None,
    people: People,
    viewer_id: int,
) -> ConversationShape:
    """A conversation as one member sees it; members whom they may not see are left out.

    A direct conversation has the other person's name and picture.
    """
    shown = [member for member in members if member.user_id in people]
    others = [people[member.user_id] for member in shown if member.user_id != viewer_id]
    partner = others[0] if others and row.kind == ConversationKind.DIRECT else None
    return {
        "id": str(row.id),
        "kind": row.kind,
        "title": (partner["display_name"] or partner["username"]) if partner else row.title or None,
        "avatar_url": partner["avatar_url"] if partner else None,
        "members": [_member_shape(member, people) for member in shown],
        "last_message": message_shape(last_message, people) if last_message else None,
        "first_seq": row.first_seq,
        "last_seq": row.last_seq,
        "rev": row.rev,
        "unread_count": max(0, row.last_seq - row.read_seq),
        "folder": row.folder,
        "my": {
            "read_seq": row.read_seq,
            "muted_until": row.muted_until,
            "pinned": row.pinned_at is not None,
        },
        "last_activity_at": row.last_activity_at,
    }


def _member_shape(member: MemberRow, people: People) -> MemberShape:
    return {
        "user": people[member.user_id],
        "role": member.role,
        "read_seq": member.read_seq,
    }


class PresenceSerializer(serializers.Serializer[Any]):
    """Schema of somebody's presence."""

    user_id = serializers.CharField()
    state = serializers.ChoiceField(choices=["active", "away", "offline"])
    last_seen_at = serializers.DateTimeField(allow_null=True)


class ReactionSerializer(serializers.Serializer[Any]):
    """Schema of one of Message.reactions."""

    emoji = serializers.CharField()
    user_id = serializers.CharField()


class MessageSerializer(serializers.Serializer[Any]):
    """Schema of Message."""

    id = serializers.CharField()
    conversation_id = serializers.CharField()
    seq = serializers.IntegerField()
    rev = serializers.IntegerField()
    sender = UserSummarySerializer(allow_null=True)
    client_id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    body = serializers.CharField(allow_blank=True)
    media = MediaSerializer(many=True)
    post = PostSerializer(allow_null=True)
    story = serializers.DictField(allow_null=True)
    reply_to_seq = serializers.IntegerField(allow_null=True)
    reactions = ReactionSerializer(many=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    unsent_at = serializers.DateTimeField(allow_null=True)


class MemberSerializer(serializers.Serializer[Any]):
    """Schema of one of Conversation.members."""

    user = UserSummarySerializer()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    read_seq = serializers.IntegerField()


class MyMemberSerializer(serializers.Serializer[Any]):
    """Schema of Conversation.my."""

    read_seq = serializers.IntegerField()
    muted_until = serializers.DateTimeField(allow_null=True)
    pinned = serializers.BooleanField()


class ConversationSerializer(serializers.Serializer[Any]):
    """Schema of Conversation."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=ConversationKind.choices)
    title = serializers.CharField(allow_null=True)
    avatar_url = serializers.CharField(allow_null=True)
    members = MemberSerializer(many=True)
    last_message = MessageSerializer(allow_null=True)
    first_seq = serializers.IntegerField()
    last_seq = serializers.IntegerField()
    rev = serializers.IntegerField()
    unread_count = serializers.IntegerField()
    folder = serializers.ChoiceField(choices=Folder.choices)
    my = MyMemberSerializer()
    last_activity_at = serializers.DateTimeField()
