"""Post, from the row of a hot read."""

import time
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypedDict

import orjson
from rest_framework import serializers

from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary_of
from media_storage.constants import URL_WINDOW_S
from media_storage.shapes import MediaSerializer, MediaShape, media_shape
from posts.constants import TAG_STATES, Audience, CommentsPolicy, PostState


class PostRow(NamedTuple):
    """A post as the hot reads select it, with its author and what the viewer did.

    `media`, `mentions` and `people_tags` are JSON texts: the snapshots, and the people in the post
    whom the viewer may see.
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
    hashtags: list[str]
    place_id: int | None
    place_name: str | None
    mentions: str
    people_tags: str


class PlaceShape(TypedDict):
    """Where a post was made."""

    id: str
    name: str


class PeopleTagShape(TypedDict):
    """Somebody in a picture; pending ones are told to the author and the person alone."""

    id: str
    media_id: str
    user: UserSummaryShape
    x: float
    y: float
    state: str


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
    people_tags: list[PeopleTagShape]
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
    media = [media_shape(item, is_owner=is_own) for item in orjson.loads(row.media)]
    return _shape(row, viewer_id, media)


def hot_post_shape(row: PostRow, *, viewer_id: int | None) -> PostShape:
    """The same for an answer that becomes JSON at once: its `media` is a text already.

    What a picture looks like outside is the same for everybody within a window of its address, and
    many see the same posts: each process keeps what it made last.
    """
    if len(row.media) > KEPT_CHARS:
        return post_shape(row, viewer_id=viewer_id)
    window = int(time.time()) // URL_WINDOW_S
    media: Any = _media_json(row.media, window, is_own=row.author_id == viewer_id)
    return _shape(row, viewer_id, media)


def _shape(row: PostRow, viewer_id: int | None, media: list[MediaShape]) -> PostShape:
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
        "media": media,
        "place": _place(row),
        "sensitive": row.sensitive,
        "comments_policy": row.comments_policy,
        "hide_like_count": row.hide_like_count,
        "pinned": row.pinned_pos is not None,
        "people_tags": [_people_tag(tag) for tag in _rows(row.people_tags)],
        "mentions": [_person(user) for user in _rows(row.mentions)],
        "hashtags": row.hashtags,
        "published_at": row.published_at,
        "publish_at": row.publish_at,
        "edited_at": row.edited_at,
        "likes_count": row.likes_count if is_own or not row.hide_like_count else None,
        "comments_count": row.comments_count,
        "viewer": {"liked": row.liked, "saved": row.saved, "own": is_own},
    }


# About 15 MB where it is full.
KEPT_POSTS: Final = 4_096
KEPT_CHARS: Final = 4_096


@lru_cache(maxsize=KEPT_POSTS)
def _media_json(text: str, window: int, *, is_own: bool) -> orjson.Fragment:
    shapes = [media_shape(item, is_owner=is_own) for item in orjson.loads(text)]
    return orjson.Fragment(orjson.dumps(shapes))


def _rows(text: str) -> list[dict[str, Any]]:
    """What a column of JSON holds, mostly nothing."""
    return [] if text == "[]" else list(orjson.loads(text))


def _place(row: PostRow) -> PlaceShape | None:
    if row.place_id is None or row.place_name is None:
        return None
    return {"id": str(row.place_id), "name": row.place_name}


def _people_tag(tag: dict[str, Any]) -> PeopleTagShape:
    return {
        "id": str(tag["id"]),
        "media_id": str(tag["media"]),
        "user": _person(tag),
        "x": tag["x"],
        "y": tag["y"],
        "state": tag["state"],
    }


def _person(row: dict[str, Any]) -> UserSummaryShape:
    return user_summary_of(
        row["user"], row["username"], row["display_name"], row["avatar_key"], row["is_private"]
    )


AUDIENCE_NAMES = {audience.value: str(audience.label) for audience in Audience}


class PlaceSerializer(serializers.Serializer[Any]):
    """Schema of Post.place."""

    id = serializers.CharField()
    name = serializers.CharField()


class PeopleTagSerializer(serializers.Serializer[Any]):
    """Schema of an entry of Post.people_tags: where in which picture, from 0 to 1."""

    id = serializers.CharField()
    media_id = serializers.CharField()
    user = UserSummarySerializer()
    x = serializers.FloatField()
    y = serializers.FloatField()
    state = serializers.ChoiceField(choices=TAG_STATES)


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
    people_tags = PeopleTagSerializer(many=True)
    mentions = UserSummarySerializer(many=True)
    hashtags = serializers.ListField(child=serializers.CharField())
    published_at = serializers.DateTimeField(allow_null=True)
    publish_at = serializers.DateTimeField(allow_null=True)
    edited_at = serializers.DateTimeField(allow_null=True)
    likes_count = serializers.IntegerField(allow_null=True)
    comments_count = serializers.IntegerField()
    viewer = PostViewerSerializer()
