"""How a client sends a file: the outer form of a direct upload."""

from typing import Any, TypedDict

from rest_framework import serializers

from media_storage.backends.base import Form
from media_storage.models import MediaUpload


class PartShape(TypedDict):
    """One piece, to be PUT with exactly so many bytes."""

    number: int
    url: str
    bytes: int


class UploadShape(TypedDict):
    """A direct upload as the API gives it."""

    id: str
    method: str
    url: str | None
    fields: dict[str, str]
    content_type: str
    parts: list[PartShape]
    expires_at: str


def upload_shape(upload: MediaUpload, form: Form) -> UploadShape:
    """With the addresses of this moment."""
    return {
        "id": str(upload.pk),
        "method": form.method,
        "url": form.url or None,
        "fields": form.fields,
        "content_type": upload.content_type,
        "parts": [
            {"number": part.number, "url": part.url, "bytes": part.bytes} for part in form.parts
        ],
        "expires_at": upload.expires_at.isoformat().replace("+00:00", "Z"),
    }


class PartSerializer(serializers.Serializer[Any]):
    """One piece of a large file: PUT exactly so many bytes there."""

    number = serializers.IntegerField()
    url = serializers.CharField()
    bytes = serializers.IntegerField()


class UploadSerializer(serializers.Serializer[Any]):
    """Leave to send one file.

    POST: multipart/form-data with all `fields` and then `file`. PUT with a `url`: the bytes, with
    `content_type`. PUT with `parts`: each piece to its own address, in any order.
    """

    id = serializers.CharField()
    method = serializers.ChoiceField(choices=["POST", "PUT"])
    url = serializers.CharField(allow_null=True)
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    content_type = serializers.CharField()
    parts = PartSerializer(many=True)
    expires_at = serializers.DateTimeField()
