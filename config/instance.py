"""GET instance: what this server is called, what it accepts, and its limits."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts import constants as accounts
from comments import constants as comments
from config.version import VERSION
from core.api import Access, LeanApiView, json_response
from media_storage import constants as media
from media_storage.backends.ffmpeg import tools
from messaging import constants as messaging
from posts import constants as posts


class DocumentSerializer(serializers.Serializer[Any]):
    """What people agree to when they sign up."""

    name = serializers.CharField()
    version = serializers.CharField()
    url = serializers.CharField()


class InstanceSerializer(serializers.Serializer[Any]):
    """Name, version, limits (whole numbers), accepted types and features."""

    name = serializers.CharField()
    version = serializers.CharField()
    limits = serializers.DictField(child=serializers.IntegerField())
    accepted_types = serializers.ListField(child=serializers.CharField())
    features = serializers.DictField(child=serializers.BooleanField())
    registration = serializers.ChoiceField(choices=["open", "invite", "closed"])
    documents = DocumentSerializer(many=True)


class InstanceApi(LeanApiView):
    """What a client has to know before anybody signs in."""

    access = Access.PUBLIC
    etag = True

    @extend_schema(responses=InstanceSerializer)
    def get(self, request: Request) -> HttpResponse:
        """Name, version, limits, accepted types, features."""
        answer = {
            "name": settings.INSTANCE_NAME,
            "version": VERSION,
            "limits": limits(),
            "accepted_types": accepted_types(),
            "features": {"video": tools() is not None, "groups": False},
            "registration": settings.REGISTRATION,
            "documents": [document._asdict() for document in settings.DOCUMENTS],
        }
        return json_response(answer, headers={"Cache-Control": "public, max-age=60"})


def accepted_types() -> list[str]:
    """MIME types of the files that can be uploaded; videos only where they can be converted."""
    return sorted([*media.PICTURE_TYPES, *(media.VIDEO_TYPES if tools() else ())])


def limits() -> dict[str, int]:
    """The limits of API.md section 5, each read where it is held."""
    return {
        "username_min": accounts.USERNAME_MIN,
        "username_max": accounts.USERNAME_MAX,
        "delete_grace_days": accounts.DELETE_GRACE.days,
        "password_min": accounts.PASSWORD_MIN,
        "password_max": accounts.PASSWORD_MAX,
        "bio": accounts.BIO_MAX,
        "caption": posts.CAPTION_MAX,
        "media_per_post": posts.MEDIA_MAX,
        "hashtags_per_post": posts.HASHTAGS_MAX,
        "mentions_per_post": posts.MENTIONS_MAX,
        "people_tags_per_post": posts.PEOPLE_TAGS_MAX,
        "hashtag": posts.TAG_MAX,
        "followed_tags": posts.FOLLOWED_TAGS_MAX,
        "pinned_posts": posts.PINNED_MAX,
        "drafts": posts.DRAFTS_MAX,
        "scheduled_posts": posts.SCHEDULED_MAX,
        "schedule_ahead_days": posts.SCHEDULE_AHEAD.days,
        "bin_days": posts.BIN_KEPT.days,
        "place_name": posts.PLACE_NAME_MAX,
        "collections": posts.COLLECTIONS_MAX,
        "collection_posts": posts.COLLECTION_POSTS_MAX,
        "collection_name": posts.COLLECTION_NAME_MAX,
        "comment": comments.BODY_MAX,
        "pinned_comments": comments.PINNED_MAX,
        "hidden_words": accounts.HIDDEN_WORDS_MAX,
        "muted_tags": accounts.MUTED_TAGS_MAX,
        "message": messaging.BODY_MAX,
        "frame_bytes": messaging.FRAME_BYTES_MAX,
        "sockets": messaging.SOCKETS_MAX,
        "commands_per_second": messaging.COMMANDS_PER_S,
        "commands_at_once": messaging.COMMANDS_BURST,
        "presence_ids": messaging.PRESENCE_MAX,
        "alt_text": media.ALT_TEXT_MAX,
        "picture_bytes": media.PICTURE_BYTES_MAX,
        "picture_pixels": media.PICTURE_PIXELS_MAX,
        "picture_side": media.PICTURE_SIDE_MAX,
        "webp_pixels": media.WEBP_PIXELS_MAX,
        "heic_pixels": media.HEIC_PIXELS_MAX,
        "avif_pixels": media.AVIF_IN_PIXELS_MAX,
        "picture_frames": media.PICTURE_FRAMES_MAX,
        "video_bytes": media.VIDEO_BYTES_MAX,
        "video_seconds": media.VIDEO_SECONDS_MAX,
        "video_side": media.VIDEO_SIDE_MAX,
        "person_bytes": media.PERSON_BYTES_MAX,
        "person_per_day": media.PERSON_PER_DAY_MAX,
    }
