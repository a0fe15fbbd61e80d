"""Input forms of posts: types and lengths; rules are the services'."""

from typing import Any

from rest_framework import serializers

from core.api import StrictSerializer
from core.api.fields import IdField
from media_storage.constants import ALT_TEXT_MAX
from posts.constants import CAPTION_MAX, MEDIA_MAX, CommentsPolicy, PostState
from posts.shapes import AUDIENCE_NAMES


class CaptionField(serializers.CharField):
    """A caption as it was written: not trimmed, and it may be empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=CAPTION_MAX, allow_blank=True, trim_whitespace=False, **kwargs)


class PostCreateForm(StrictSerializer):
    """POST posts."""

    media_ids = serializers.ListField(child=IdField(), min_length=1, max_length=MEDIA_MAX)
    caption = CaptionField(required=False)
    audience = serializers.ChoiceField(choices=list(AUDIENCE_NAMES.values()), required=False)
    comments_policy = serializers.ChoiceField(choices=CommentsPolicy.values, required=False)
    hide_like_count = serializers.BooleanField(required=False)
    sensitive = serializers.BooleanField(required=False)
    place = IdField(required=False, allow_null=True)
    people_tags = serializers.ListField(
        child=serializers.DictField(), required=False, max_length=MEDIA_MAX
    )
    state = serializers.ChoiceField(
        choices=[PostState.PUBLISHED, PostState.DRAFT, PostState.SCHEDULED], required=False
    )
    publish_at = serializers.DateTimeField(required=False, allow_null=True)


class PictureTextForm(StrictSerializer):
    """The alternative text of one picture."""

    id = IdField()
    alt_text = serializers.CharField(
        allow_blank=True, max_length=ALT_TEXT_MAX, trim_whitespace=False
    )


class PostEditForm(StrictSerializer):
    """PATCH posts/{id}: what is left out stays."""

    caption = CaptionField(required=False)
    media = serializers.ListField(child=PictureTextForm(), required=False, max_length=MEDIA_MAX)


class PostSaveForm(StrictSerializer):
    """PUT posts/{id}/save."""

    collection_id = IdField(required=False, allow_null=True)


class NewerQuery(StrictSerializer):
    """GET feed/home/newer: `published_at` of the newest post that the client has."""

    since = serializers.DateTimeField()


class LikedSerializer(serializers.Serializer[Any]):
    """Schema of a like toggle."""

    liked = serializers.BooleanField()
    likes_count = serializers.IntegerField(allow_null=True)


class SavedSerializer(serializers.Serializer[Any]):
    """Schema of a save toggle."""

    saved = serializers.BooleanField()


class CountSerializer(serializers.Serializer[Any]):
    """Schema of a number of posts."""

    count = serializers.IntegerField()
