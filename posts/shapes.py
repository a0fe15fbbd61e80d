"""The outer form of posts: the only one that upper apps nest."""

from datetime import datetime
from typing import Any, NamedTuple, TypedDict

import orjson
from rest_framework import serializers

from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary_of
from media_storage.shapes import MediaSerializer, MediaShape, media_shape
from posts.constants import Audience, CommentsPolicy, PostState


class PostRow(NamedTuple):
    """A post as the hot reads select it, with its author and what the viewer did.

    `media` is the JSON text of the snapshots.
    """

    id: int
    shortcode: str
    caption: str
    audience: int
    state: str
    media: str
    sensitive: bool
    comments_policy: str
    hide_like_count: bool
    pinned_pos: int | None
    published_at: datetime | None
    publish_at: datetime | None
    edited_at: datetime | None
    likes_count: int
    comments_count: int
    author_id: int
    username: str
    display_name: str
    avatar_key: str
    is_private: bool
    liked: bool
    saved: bool


class PlaceShape(TypedDict):
    """Where a post was made."""

    id: str
    name: str


class PostViewerShape(TypedDict):
    """What the viewer has to do with a post."""

    liked: bool
    saved: bool
    own: bool


class PostShape(TypedDict):
    """A post as the API gives it; `likes_count` is null where its author hides it."""

    id: str
    shortcode: str
    author: UserSummaryShape
    caption: str
    audience: str
    state: str
    media: list[MediaShape]
    place: PlaceShape | None
    sensitive: bool
    comments_policy: str
    hide_like_count: bool
    pinned: bool
    people_tags: list[Any]
    mentions: list[UserSummaryShape]
    hashtags: list[str]
    published_at: datetime | None
    publish_at: datetime | None
    edited_at: datetime | None
    likes_count: int | None
    comments_count: int
    viewer: PostViewerShape


def post_shape(row: PostRow, *, viewer_id: int | None) -> PostShape:
    """A row that this viewer was found to see, as Post."""
    is_own = row.author_id == viewer_id
    return {
        "id": str(row.id),
        "shortcode": row.shortcode,
        "author": user_summary_of(
            row.author_id, row.username, row.display_name, row.avatar_key, row.is_private
        ),
        "caption": row.caption,
        "audience": AUDIENCE_NAMES[row.audience],
        "state": row.state,
        "media": [media_shape(item, is_owner=is_own) for item in orjson.loads(row.media)],
        # Places, tags and mentions come later; their fields are part of the contract.
        "place": None,
        "sensitive": row.sensitive,
        "comments_policy": row.comments_policy,
        "hide_like_count": row.hide_like_count,
        "pinned": row.pinned_pos is not None,
        "people_tags": [],
        "mentions": [],
        "hashtags": [],
        "published_at": row.published_at,
        "publish_at": row.publish_at,
        "edited_at": row.edited_at,
        "likes_count": row.likes_count if is_own or not row.hide_like_count else None,
        "comments_count": row.comments_count,
        "viewer": {"liked": row.liked, "saved": row.saved, "own": is_own},
    }


AUDIENCE_NAMES = {audience.value: str(audience.label) for audience in Audience}


class PlaceSerializer(serializers.Serializer[Any]):
    """Schema of Post.place."""

    id = serializers.CharField()
    name = serializers.CharField()


class PostViewerSerializer(serializers.Serializer[Any]):
    """Schema of Post.viewer."""

    liked = serializers.BooleanField()
    saved = serializers.BooleanField()
    own = serializers.BooleanField()


class PostSerializer(serializers.Serializer[Any]):
    """A post; `likes_count` is null where its author hides it from others."""

    id = serializers.CharField()
    shortcode = serializers.CharField()
    author = UserSummarySerializer()
    caption = serializers.CharField()
    audience = serializers.ChoiceField(choices=list(AUDIENCE_NAMES.values()))
    state = serializers.ChoiceField(choices=PostState.values)
    media = MediaSerializer(many=True)
    place = PlaceSerializer(allow_null=True)
    sensitive = serializers.BooleanField()
    comments_policy = serializers.ChoiceField(choices=CommentsPolicy.values)
    hide_like_count = serializers.BooleanField()
    pinned = serializers.BooleanField()
    people_tags = serializers.ListField(child=serializers.DictField())
    mentions = UserSummarySerializer(many=True)
    hashtags = serializers.ListField(child=serializers.CharField())
    published_at = serializers.DateTimeField(allow_null=True)
    publish_at = serializers.DateTimeField(allow_null=True)
    edited_at = serializers.DateTimeField(allow_null=True)
    likes_count = serializers.IntegerField(allow_null=True)
    comments_count = serializers.IntegerField()
    viewer = PostViewerSerializer()
