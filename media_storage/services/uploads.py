"""Take a picture in: recognise it, decode it in the child, keep its files, then write its row."""

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from core.errors import (
    ApplicationError,
    BadInputError,
    FieldError,
    PayloadTooLargeError,
    RuleError,
    UnsupportedMediaError,
)
from core.events import publish
from core.registry import picture_rules
from core.text import clean_text
from media_storage.backends.decoder import Decoded, Picture, decode
from media_storage.backends.probe import Claim, PictureRefusedError, probe
from media_storage.backends.storage import media_storage
from media_storage.constants import (
    ALT_TEXT_MAX,
    AVATAR_SIDES,
    FIRST_WIDTHS,
    PICTURE_BYTES_MAX,
    REFUSALS,
)
from media_storage.events import MediaUploaded
from media_storage.models import Media, StoredVariant
from media_storage.shapes.addresses import ORIGINAL, PUBLIC, SIGNED, is_public_key, new_key
from media_storage.shapes.media import original_name

# What a refused file answers; everything that is not named is 422.
_REFUSAL_KINDS: dict[str, type[ApplicationError]] = {
    "empty_file": BadInputError,
    "file_too_large": PayloadTooLargeError,
    "unsupported_type": UnsupportedMediaError,
}


@dataclass(frozen=True, slots=True)
class _Examined:
    """A file that passed the gates, and what the decoder made of it."""

    claim: Claim
    sha256: bytes
    size: int
    decoded: Decoded


def media_create(*, owner_id: int, file: IO[bytes] | File[Any], alt_text: str = "") -> Media:
    """Keep a picture for its owner: seen by nobody else until something attaches it.

    The first variants exist when this returns; `MediaUploaded` leads to the others. Its name and
    claimed type are not looked at. Raises BadInputError, PayloadTooLargeError,
    UnsupportedMediaError or RuleError with a code of REFUSALS, UnavailableError `busy`,
    StorageFullError; then nothing is left behind.
    """
    text = checked_alt_text(alt_text)
    with on_disk(file) as source:
        found = _examine(source, widths=FIRST_WIDTHS, shape="fit")
        return _keep(owner_id, source, found, letter=SIGNED, alt_text=text)


def avatar_create(*, owner_id: int, file: IO[bytes] | File[Any]) -> Media:
    """Keep the centre square of a picture, public, at each of AVATAR_SIDES; errors as above.

    It counts as used from the start; `shapes.avatar_url(media.key)` is its address.
    """
    with on_disk(file) as source:
        found = _examine(source, widths=AVATAR_SIDES, shape="square")
        return _keep(owner_id, source, found, letter=PUBLIC, alt_text="")


def checked_alt_text(text: str) -> str:
    """Text that can be stored. Raises BadInputError `bad_text` or `too_long`."""
    cleaned = clean_text(text, field="alt_text")
    if len(cleaned) > ALT_TEXT_MAX:
        message = f"An alternative text may have {ALT_TEXT_MAX} characters."
        error = FieldError("alt_text", "too_long", message)
        raise BadInputError(message, code="too_long", errors=[error])
    return cleaned


@contextlib.contextmanager
def on_disk(file: IO[bytes] | File[Any]) -> Iterator[BinaryIO]:
    """The same bytes in a file with a descriptor; a copy, if there is one, has no name."""
    file.seek(0)
    try:
        file.fileno()
    except (AttributeError, OSError):
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(cast("IO[bytes]", file), copy)
            copy.flush()
            yield cast("BinaryIO", copy)
    else:
        yield cast("BinaryIO", file)


def refusal(code: str) -> ApplicationError:
    """The error for a refused file."""
    message = REFUSALS.get(code, "This picture is not accepted.")
    kind = _REFUSAL_KINDS.get(code, RuleError)
    return kind(message, code=code, errors=[FieldError("file", code, message, file=0)])


def _examine(source: BinaryIO, *, widths: tuple[int, ...], shape: str) -> _Examined:
    """All gates in the order of their cost; the decoder comes last."""
    size = source.seek(0, 2)
    if size > PICTURE_BYTES_MAX:
        raise refusal("file_too_large")
    try:
        claim = probe(source)
        decoded = decode(source, claim, webp_widths=widths, shape=shape)
    except PictureRefusedError as refused:
        raise refusal(refused.code) from refused
    source.seek(0)
    sha256 = hashlib.file_digest(cast("Any", source), "sha256").digest()
    for rule in picture_rules.values():
        rule(sha256=sha256.hex())
    return _Examined(claim, sha256, size, decoded)


def _keep(
    owner_id: int, source: BinaryIO, found: _Examined, *, letter: str, alt_text: str
) -> Media:
    """Files first, then the row: a crash between leaves files that the daily sweep removes."""
    key, original_key = new_key(letter), new_key(ORIGINAL)
    storage = media_storage()
    try:
        for picture in found.decoded.pictures:
            storage.put(key, picture.name, picture.data)
        source.seek(0)
        storage.put(original_key, original_name(found.claim.content_type), File(source))
        with transaction.atomic():
            return _write_row(owner_id, key, original_key, found, alt_text)
    except BaseException:
        storage.drop_key(key)
        storage.drop_key(original_key)
        raise


def _write_row(
    owner_id: int, key: str, original_key: str, found: _Examined, alt_text: str
) -> Media:
    is_public = is_public_key(key)
    media = Media.objects.create(
        owner_id=owner_id,
        state=Media.State.READY,
        key=key,
        original_key=original_key,
        original_type=found.claim.content_type,
        sha256=found.sha256,
        bytes=found.size,
        width=found.decoded.width,
        height=found.decoded.height,
        blurhash=found.decoded.blurhash,
        alt_text=alt_text,
        is_public=is_public,
        attached_at=timezone.now() if is_public else None,
        variants=[stored(picture) for picture in found.decoded.pictures],
    )
    if not is_public:
        publish(MediaUploaded(media.pk))
    return media


def stored(picture: Picture) -> StoredVariant:
    """A picture as the row keeps it."""
    return {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "type": picture.type,
    }
