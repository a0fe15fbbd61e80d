"""Tags, places, collections and former versions, as the API gives them."""

from datetime import datetime
from typing import Any, TypedDict

from rest_framework import serializers

from media_storage.shapes import media_shape
from posts.models import Place, PostRevision


class TagShape(TypedDict):
    """A hashtag; `posts_count` counts what everybody may see."""

    name: str
    posts_count: int
    following: bool


class PlaceDetailShape(TypedDict):
    """A place; coordinates are in degrees, both or neither."""

    id: str
    name: str
    country: str
    latitude: float | None
    longitude: float | None


class CollectionShape(TypedDict):
    """One's own collection; `cover_url` is the chosen post's first picture, else the first post's."""

    id: str
    name: str
    posts_count: int
    cover_post_id: str | None
    cover_url: str | None
    created_at: datetime


class RevisionMediaShape(TypedDict):
    """A picture of a former version."""

    id: str
    alt_text: str


class RevisionShape(TypedDict):
    """What a post showed from `since` until `replaced_at`."""

    id: str
    caption: str
    place_name: str
    sensitive: bool
    media: list[RevisionMediaShape]
    since: datetime
    replaced_at: datetime


def place_detail_shape(place: Place) -> PlaceDetailShape:
    """A row as Place."""
    return {
        "id": str(place.pk),
        "name": place.name,
        "country": place.country,
        "latitude": None if place.latitude is None else float(place.latitude),
        "longitude": None if place.longitude is None else float(place.longitude),
    }


def revision_shape(row: PostRevision) -> RevisionShape:
    """A row as Revision."""
    return {
        "id": str(row.pk),
        "caption": row.caption,
        "place_name": row.place_name,
        "sensitive": row.sensitive,
        "media": [{"id": str(item["id"]), "alt_text": item["alt_text"]} for item in row.media],
        "since": row.since,
        "replaced_at": row.replaced_at,
    }


def collection_shape(row: Any) -> CollectionShape:
    """A row of `selectors.collections_of` as Collection."""
    pictures = row.cover_media or []
    variants = media_shape(pictures[0])["variants"] if pictures else []
    return {
        "id": str(row.pk),
        "name": row.name,
        "posts_count": row.posts_count,
        "cover_post_id": None if row.cover_id is None else str(row.cover_id),
        "cover_url": variants[0]["url"] if variants else None,
        "created_at": row.created_at,
    }


class TagSerializer(serializers.Serializer[Any]):
    """A hashtag; `posts_count` counts what everybody may see."""

    name = serializers.CharField()
    posts_count = serializers.IntegerField()
    following = serializers.BooleanField()


class PlaceDetailSerializer(serializers.Serializer[Any]):
    """A place; coordinates are in degrees, both or neither."""

    id = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class CollectionSerializer(serializers.Serializer[Any]):
    """One's own collection; without a chosen cover its first post is the cover."""

    id = serializers.CharField()
    name = serializers.CharField()
    posts_count = serializers.IntegerField()
    cover_post_id = serializers.CharField(allow_null=True)
    cover_url = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class RevisionMediaSerializer(serializers.Serializer[Any]):
    """A picture of a former version."""

    id = serializers.CharField()
    alt_text = serializers.CharField()


class RevisionSerializer(serializers.Serializer[Any]):
    """What a post showed from `since` until `replaced_at`."""

    id = serializers.CharField()
    caption = serializers.CharField()
    place_name = serializers.CharField()
    sensitive = serializers.BooleanField()
    media = RevisionMediaSerializer(many=True)
    since = serializers.DateTimeField()
    replaced_at = serializers.DateTimeField()
