"""The Media of API.md section 2, from a row or from the snapshot that a post keeps of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from media_storage.constants import EXTENSIONS, REFUSALS
from media_storage.models import Media, StoredVariant
from media_storage.shapes.addresses import address


class VariantShape(TypedDict):
    """One file that a browser may choose."""

    width: int
    height: int
    url: str
    type: str


class MediaErrorShape(TypedDict):
    """Why media failed."""

    code: str
    message: str


class MediaShape(TypedDict):
    """Media as the API gives it."""

    id: str
    state: str
    kind: str
    width: int | None
    height: int | None
    duration_ms: int | None
    blurhash: str | None
    alt_text: str
    variants: list[VariantShape]
    original_url: str | None
    error: MediaErrorShape | None


class MediaSnapshot(TypedDict):
    """All that addresses and the Media shape need, as JSON, without another query.

    Never give it out: it holds the key of the original.
    """

    id: int
    state: str
    kind: str
    is_public: bool
    key: str
    original_key: str
    original_type: str
    width: int | None
    height: int | None
    duration_ms: int | None
    blurhash: str
    alt_text: str
    variants: list[StoredVariant]
    error_code: str


class AllowanceShape(TypedDict):
    """What one person keeps here, in bytes of originals, and added within 24 hours; the limits."""

    bytes_used: int
    bytes_max: int
    added_today: int
    per_day_max: int


def media_snapshot(media: Media) -> MediaSnapshot:
    """What another app keeps of a row to show it later."""
    return {
        "id": media.pk,
        "state": media.state,
        "kind": media.kind,
        "is_public": media.is_public,
        "key": media.key,
        "original_key": media.original_key,
        "original_type": media.original_type,
        "width": media.width,
        "height": media.height,
        "duration_ms": media.duration_ms,
        "blurhash": media.blurhash,
        "alt_text": media.alt_text,
        "variants": media.variants,
        "error_code": media.error_code,
    }


def media_shape(
    item: Media | MediaSnapshot, *, is_owner: bool = False, until: datetime | None = None
) -> MediaShape:
    """The Media shape with addresses that are good for 5 to 10 minutes, never beyond `until`.

    The caller has made sure that the viewer may see it; `is_owner` adds the original's address.
    """
    kept = media_snapshot(item) if isinstance(item, Media) else item
    before, behind = address(kept["key"], until=until)
    return {
        "id": str(kept["id"]),
        "state": kept["state"],
        "kind": kept["kind"],
        "width": kept["width"],
        "height": kept["height"],
        "duration_ms": kept["duration_ms"],
        "blurhash": kept["blurhash"] or None,
        "alt_text": kept["alt_text"],
        "variants": [
            {
                "width": variant["width"],
                "height": variant["height"],
                "url": f"{before}{variant['name']}{behind}",
                "type": variant["type"],
            }
            for variant in kept["variants"]
        ],
        "original_url": _original_url(kept) if is_owner else None,
        "error": _error(kept["error_code"]),
    }


def media_urls(
    items: Iterable[Media | MediaSnapshot], *, until: datetime | None = None
) -> list[MediaShape]:
    """The shapes of pictures that the caller has found visible, one signature for each."""
    return [media_shape(item, until=until) for item in items]


def original_name(content_type: str) -> str:
    """The file name of an original; the name that it came with is kept nowhere."""
    return f"original.{EXTENSIONS[content_type]}"


def _original_url(kept: MediaSnapshot) -> str:
    before, behind = address(kept["original_key"])
    return f"{before}{original_name(kept['original_type'])}{behind}"


def _error(code: str) -> MediaErrorShape | None:
    return {"code": code, "message": REFUSALS.get(code, "This failed.")} if code else None
