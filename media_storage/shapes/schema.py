"""Media for the OpenAPI document; upper apps nest it."""

from typing import Any

from rest_framework import serializers

from media_storage.models import Media


class VariantSerializer(serializers.Serializer[Any]):
    """One file that a browser may choose."""

    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField()
    type = serializers.ChoiceField(choices=["image/webp", "image/avif"])


class MediaErrorSerializer(serializers.Serializer[Any]):
    """Why media failed."""

    code = serializers.CharField()
    message = serializers.CharField()


class MediaSerializer(serializers.Serializer[Any]):
    """A picture. Addresses of what is not public end after 5 to 10 minutes."""

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
