"""Input forms of media."""

from typing import Any

from rest_framework import serializers

from core.api import StrictSerializer
from media_storage.constants import ALT_TEXT_MAX


class PictureField(serializers.FileField):
    """A file of any name and size: the service looks at its bytes alone."""

    def to_internal_value(self, data: Any) -> Any:
        """Only that it is a file at all; names are not looked at, and an empty one has its code."""
        if not hasattr(data, "chunks"):
            self.fail("invalid")
        return data


class MediaCreateForm(StrictSerializer):
    """multipart/form-data: a picture, and a text for people who cannot see it."""

    file = PictureField()
    alt_text = serializers.CharField(
        required=False, allow_blank=True, max_length=ALT_TEXT_MAX, trim_whitespace=False
    )


class UploadCreateForm(StrictSerializer):
    """A file that is to be sent to the store; its name is looked at by nobody."""

    filename = serializers.CharField(required=False, allow_blank=True, max_length=1_000)
    bytes = serializers.IntegerField(min_value=0, max_value=2**63 - 1)
    content_type = serializers.CharField(max_length=100)
    alt_text = serializers.CharField(
        required=False, allow_blank=True, max_length=ALT_TEXT_MAX, trim_whitespace=False
    )


class MediaUpdateForm(StrictSerializer):
    """The one thing about media that may change."""

    alt_text = serializers.CharField(
        allow_blank=True, max_length=ALT_TEXT_MAX, trim_whitespace=False
    )
