"""Take a picture or video in: examine it, keep its files, then write its row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final

from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone

from core.errors import BadInputError, RuleError
from core.events import publish
from core.text import clean_text
from media_storage.backends.decoder import Picture
from media_storage.backends.patience import patience
from media_storage.backends.probe import PictureRefusedError
from media_storage.backends.storage import media_storage
from media_storage.constants import (
    ALT_TEXT_MAX,
    AVATAR_SIDES,
    MB,
    PERSON_BYTES_MAX,
    PERSON_PER_DAY_MAX,
)
from media_storage.events import MediaUploaded
from media_storage.models import Media, StoredVariant
from media_storage.selectors import allowance_of
from media_storage.services.intake import Examined, examine, examine_picture, on_disk, refusal
from media_storage.shapes.addresses import ORIGINAL, PUBLIC, SIGNED, is_public_key, new_key
from media_storage.shapes.media import original_name

ORDER: Final = ("image/webp", "image/avif", "video/mp4")


@dataclass(frozen=True, slots=True)
class PreparedMedia:
    """A file that was examined and stored for its owner; only its row is missing."""

    owner_id: int
    key: str
    original_key: str
    found: Examined


def media_create(*, owner_id: int, file: IO[bytes] | File[Any], alt_text: str = "") -> Media:
    """Keep a picture or video for its owner: seen by nobody else until something attaches it.

    A picture's first variants exist when this returns; a video is `processing`, and so is a picture
    that a store elsewhere did not take in time: it is kept, and brought there every minute. `MediaUploaded`
    leads to the rest. Name and claimed type are not looked at. Raises BadInputError,
    PayloadTooLargeError, UnsupportedMediaError or RuleError with a code of REFUSALS, RuleError
    `quota_exceeded` or `daily_limit_reached`, UnavailableError `busy`, StorageFullError; then
    nothing is left behind.
    """
    text = checked_alt_text(alt_text)
    return media_keep(media_prepare(owner_id=owner_id, file=file), alt_text=text)


def media_prepare(*, owner_id: int, file: IO[bytes] | File[Any]) -> PreparedMedia:
    """The slow part of `media_create`, which writes no row and wants no transaction; errors as there.

    Files whose row is never written go with the daily sweep.
    """
    with on_disk(file) as source:
        check_allowance(owner_id, source.seek(0, 2))
        return _stored(owner_id, source, examine(source), letter=SIGNED)


def media_keep(prepared: PreparedMedia, *, alt_text: str) -> Media:
    """Write the row of what was prepared, and `MediaUploaded`; without it the files go."""
    text = checked_alt_text(alt_text)
    try:
        with transaction.atomic():
            _lock_uploads(prepared.owner_id)
            check_allowance(prepared.owner_id, prepared.found.size)
            media = _write_row(prepared, text)
            publish(MediaUploaded(media.pk))
            return media
    except BaseException:
        _forget(prepared.key, prepared.original_key)
        raise


def media_discard(prepared: PreparedMedia) -> None:
    """Remove the files of what was prepared and is not wanted."""
    _forget(prepared.key, prepared.original_key)


def avatar_create(*, owner_id: int, file: IO[bytes] | File[Any]) -> Media:
    """Keep the centre square of a picture, public, at each of AVATAR_SIDES; errors as above.

    It counts as used from the start; `shapes.avatar_url(media.key)` is its address.
    """
    with on_disk(file) as source:
        try:
            found = examine_picture(source, widths=AVATAR_SIDES, shape="square")
        except PictureRefusedError as refused:
            raise refusal(refused.code) from refused
        prepared = _stored(owner_id, source, found, letter=PUBLIC)
    try:
        with transaction.atomic():
            return _write_row(prepared, "")
    except BaseException:
        _forget(prepared.key, prepared.original_key)
        raise


def checked_alt_text(text: str) -> str:
    """Text that can be stored. Raises BadInputError `bad_text` or `too_long`."""
    cleaned = clean_text(text, field="alt_text")
    if len(cleaned) > ALT_TEXT_MAX:
        message = f"An alternative text may have {ALT_TEXT_MAX} characters."
        raise BadInputError.of_field("alt_text", "too_long", message)
    return cleaned


def check_allowance(owner_id: int, size: int) -> None:
    """Let so many bytes more pass.

    Raises RuleError `quota_exceeded` if that is more than one person may keep, or
    `daily_limit_reached`.
    """
    now = allowance_of(owner_id=owner_id)
    if now["bytes_used"] + size > PERSON_BYTES_MAX:
        left_mb = max(0, PERSON_BYTES_MAX - now["bytes_used"]) // MB
        message = f"You have {left_mb} MB left of {PERSON_BYTES_MAX // MB}. Delete something first."
        raise _too_much("quota_exceeded", message)
    if now["added_today"] >= PERSON_PER_DAY_MAX:
        message = f"You can add {PERSON_PER_DAY_MAX} files in 24 hours. Go on tomorrow."
        raise _too_much("daily_limit_reached", message)


def stored(picture: Picture) -> StoredVariant:
    """A picture as the row keeps it."""
    return {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "type": picture.type,
    }


def in_order(variants: Iterable[StoredVariant]) -> list[StoredVariant]:
    """Ascending by width; of one width WebP first, then AVIF, then the film."""
    return sorted(variants, key=lambda v: (v["width"], ORDER.index(v["type"])))


def _lock_uploads(owner_id: int) -> None:
    """Until commit, no other upload of this person is counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"uploads:{owner_id}"]
        )


def _too_much(code: str, message: str) -> RuleError:
    return RuleError.of_field("file", code, message, file=0)


def _stored(owner_id: int, source: BinaryIO, found: Examined, *, letter: str) -> PreparedMedia:
    """Files first, then the row: a crash between leaves files that the daily sweep removes."""
    key, original_key = new_key(letter), new_key(ORIGINAL)
    storage = media_storage()
    try:
        with patience():
            for picture in found.pictures:
                storage.put(key, picture.name, picture.data)
            source.seek(0)
            storage.put(original_key, original_name(found.content_type), File(source))
    except BaseException:
        _forget(key, original_key)
        raise
    return PreparedMedia(owner_id, key, original_key, found)


def _forget(*keys: str) -> None:
    """Somebody waits: what a store does not remove at once goes with the daily sweep."""
    with patience():
        for key in keys:
            media_storage().drop_key(key)


def _write_row(prepared: PreparedMedia, alt_text: str) -> Media:
    found, is_public = prepared.found, is_public_key(prepared.key)
    is_waiting = media_storage().is_waiting([prepared.key, prepared.original_key])
    is_ready = found.kind == "image" and not is_waiting
    return Media.objects.create(
        owner_id=prepared.owner_id,
        kind=found.kind,
        state=Media.State.READY if is_ready else Media.State.PROCESSING,
        key=prepared.key,
        original_key=prepared.original_key,
        original_type=found.content_type,
        sha256=found.sha256,
        bytes=found.size,
        width=found.width,
        height=found.height,
        duration_ms=found.duration_ms,
        blurhash=found.blurhash,
        alt_text=alt_text,
        is_public=is_public,
        attached_at=timezone.now() if is_public else None,
        variants=[stored(picture) for picture in found.pictures],
    )
