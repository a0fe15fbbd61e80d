"""Media for the OpenAPI document; upper apps nest it."""

from typing import Any

from rest_framework import serializers

from media_storage.models import Media


class VariantSerializer(serializers.Serializer[Any]):
    """One file that a browser may choose."""

    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField()
    type = serializers.ChoiceField(choices=["image/webp", "image/avif", "video/mp4"])


class MediaErrorSerializer(serializers.Serializer[Any]):
    """Why media failed."""

    code = serializers.CharField()
    message = serializers.CharField()


class MediaSerializer(serializers.Serializer[Any]):
    """A picture or video. Addresses of what is not public end after 5 to 10 minutes.

    The variants of a video are those of its poster, as for a picture, and one MP4.
    """

    id = serializers.CharField()
    state = serializers.ChoiceField(choices=Media.State.choices)
    kind = serializers.ChoiceField(choices=Media.Kind.choices)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    blurhash = serializers.CharField(allow_null=True)
    alt_text = serializers.CharField()
    variants = VariantSerializer(many=True)
    original_url = serializers.CharField(allow_null=True)
    error = MediaErrorSerializer(allow_null=True)


class AllowanceSerializer(serializers.Serializer[Any]):
    """What one keeps here, in bytes of one's own files, and added within 24 hours; the limits."""

    bytes_used = serializers.IntegerField()
    bytes_max = serializers.IntegerField()
    added_today = serializers.IntegerField()
    per_day_max = serializers.IntegerField()
