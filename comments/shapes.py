"""The outer form of comments."""

from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from drf_spectacular.helpers import lazy_serializer
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary_of
from comments.constants import CommentState


class CommentRow(NamedTuple):
    """A comment as the hot reads select it, with its author and what the viewer did.

    `reply_ids` are the newest replies that the viewer may see, newest first; `hidden_words` is what
    the viewer hides, the same in each row. `replies` are the rows of `reply_ids`.
    """

    id: int
    post_id: int
    root_id: int | None
    parent_id: int | None
    body: str
    state: str
    likes_count: int
    replies_count: int
    created_at: datetime
    edited_at: datetime | None
    author_id: int
    username: str
    display_name: str
    avatar_key: str
    is_private: bool
    pinned: bool
    liked: bool
    reply_ids: list[int]
    hidden_words: list[str] | None
    replies: "tuple[CommentRow, ...]" = ()


class CommentViewerShape(TypedDict):
    """What the viewer has to do with a comment."""

    liked: bool
    own: bool


class CommentShape(TypedDict):
    """A comment as the API gives it; `replies` are the newest two of a root, oldest first."""

    id: str
    post_id: str
    author: UserSummaryShape
    body: str
    root_id: str | None
    parent_id: str | None
    created_at: datetime
    edited_at: datetime | None
    pinned: bool
    state: str
    likes_count: int
    replies_count: int
    viewer: CommentViewerShape
    replies: "list[CommentShape]"


def comment_shape(
    row: CommentRow, *, viewer_id: int | None, replies: list[CommentShape]
) -> CommentShape:
    """A row as Comment."""
    return {
        "id": str(row.id),
        "post_id": str(row.post_id),
        "author": user_summary_of(
            row.author_id, row.username, row.display_name, row.avatar_key, row.is_private
        ),
        "body": row.body,
        "root_id": _text(row.root_id),
        "parent_id": _text(row.parent_id),
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "pinned": row.pinned,
        "state": row.state,
        "likes_count": row.likes_count,
        "replies_count": row.replies_count,
        "viewer": {"liked": row.liked, "own": row.author_id == viewer_id},
        "replies": replies,
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


class CommentViewerSerializer(serializers.Serializer[Any]):
    """Schema of Comment.viewer."""

    liked = serializers.BooleanField()
    own = serializers.BooleanField()


class CommentSerializer(serializers.Serializer[Any]):
    """A comment; a root brings its newest two replies, oldest first."""

    id = serializers.CharField()
    post_id = serializers.CharField()
    author = UserSummarySerializer()
    body = serializers.CharField()
    root_id = serializers.CharField(allow_null=True)
    parent_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    pinned = serializers.BooleanField()
    state = serializers.ChoiceField(choices=[CommentState.VISIBLE, CommentState.PENDING])
    likes_count = serializers.IntegerField()
    replies_count = serializers.IntegerField()
    viewer = CommentViewerSerializer()
    replies = serializers.SerializerMethodField()

    @extend_schema_field(lazy_serializer("comments.shapes.CommentSerializer")(many=True))
    def get_replies(self, comment: CommentShape) -> list[CommentShape]:
        """The same shape, without replies of their own."""
        return comment["replies"]
