"""The outer form of media: addresses, the Media of the API, and the snapshot that posts keep."""

from media_storage.shapes.addresses import avatar_url
from media_storage.shapes.media import (
    AllowanceShape,
    MediaShape,
    MediaSnapshot,
    VariantShape,
    media_shape,
    media_snapshot,
    media_urls,
)
from media_storage.shapes.schema import AllowanceSerializer, MediaSerializer

__all__ = [
    "AllowanceSerializer",
    "AllowanceShape",
    "MediaSerializer",
    "MediaShape",
    "MediaSnapshot",
    "VariantShape",
    "avatar_url",
    "media_shape",
    "media_snapshot",
    "media_urls",
]
