"""What a file is and whether it is taken: all gates in the order of their cost, no row, no store."""

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from django.core.files.base import File

from core.errors import (
    ApplicationError,
    BadInputError,
    PayloadTooLargeError,
    RuleError,
    UnsupportedMediaError,
)
from core.registry import picture_rules
from media_storage.backends.decoder import Picture, decode
from media_storage.backends.ffmpeg import tools
from media_storage.backends.probe import PictureRefusedError, probe
from media_storage.backends.videos import HEAD_BYTES, probe_video, video_type
from media_storage.constants import (
    FIRST_WIDTHS,
    PICTURE_BYTES_MAX,
    REFUSALS,
    VIDEO_BYTES_MAX,
    Kind,
)

# What a refused file answers; everything that is not named is 422.
_REFUSAL_KINDS: dict[str, type[ApplicationError]] = {
    "empty_file": BadInputError,
    "file_too_large": PayloadTooLargeError,
    "unsupported_type": UnsupportedMediaError,
    "video_unavailable": UnsupportedMediaError,
}


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that passed the gates: what it is, upright size in pixels, and first variants.

    A video of any kind still wants converting: then `kind` is `video`.
    """

    kind: Kind
    content_type: str
    sha256: bytes
    size: int
    width: int
    height: int
    duration_ms: int | None = None
    blurhash: str = ""
    pictures: tuple[Picture, ...] = ()


def examine(source: BinaryIO) -> Examined:
    """Tell a picture from a video by its bytes, and hold it against the limits of its kind.

    Raises the `refusal` for its code, UnavailableError `busy`.
    """
    try:
        content_type = video_type(head_of(source))
        if content_type:
            return _examine_video(source, content_type)
        return examine_picture(source, widths=FIRST_WIDTHS, shape="fit", may_move=True)
    except PictureRefusedError as refused:
        raise refusal(refused.code) from refused


def examine_picture(
    source: BinaryIO, *, widths: tuple[int, ...], shape: str, may_move: bool = False
) -> Examined:
    """Decode a picture. One with several frames is a video where videos can be made.

    Raises PictureRefusedError, UnavailableError `busy`, RuleError of a picture rule.
    """
    size = _size_within(source, PICTURE_BYTES_MAX)
    claim = probe(source)
    decoded = decode(source, claim, webp_widths=widths, shape=shape)
    is_moving = may_move and claim.frames > 1 and tools() is not None
    return Examined(
        kind="video" if is_moving else "image",
        content_type=claim.content_type,
        sha256=_known_hash(source),
        size=size,
        width=decoded.width,
        height=decoded.height,
        blurhash=decoded.blurhash,
        pictures=tuple(decoded.pictures),
    )


def media_most_bytes(head: bytes) -> int:
    """The most that a file may have which begins like this. Raises `video_unavailable`."""
    if video_type(head[:HEAD_BYTES]) is None:
        return PICTURE_BYTES_MAX
    if tools() is None:
        raise refusal("video_unavailable")
    return VIDEO_BYTES_MAX


def refusal(code: str) -> ApplicationError:
    """The error for a refused file."""
    message = REFUSALS.get(code, "This file is not accepted.")
    kind = _REFUSAL_KINDS.get(code, RuleError)
    return kind.of_field("file", code, message, file=0)


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


def head_of(source: BinaryIO) -> bytes:
    """The first bytes, by which a file is recognised."""
    source.seek(0)
    return source.read(HEAD_BYTES)


def _examine_video(source: BinaryIO, content_type: str) -> Examined:
    found = tools()
    if found is None:
        raise PictureRefusedError("video_unavailable")
    size = _size_within(source, VIDEO_BYTES_MAX)
    claim = probe_video(source, content_type, found)
    return Examined(
        kind="video",
        content_type=content_type,
        sha256=_known_hash(source),
        size=size,
        width=claim.width,
        height=claim.height,
        duration_ms=claim.duration_ms,
    )


def _size_within(source: BinaryIO, most: int) -> int:
    size = source.seek(0, 2)
    if size > most:
        raise PictureRefusedError("file_too_large")
    return size


def _known_hash(source: BinaryIO) -> bytes:
    """SHA-256 of the file, which no rule of the house refuses."""
    source.seek(0)
    sha256 = hashlib.file_digest(cast("Any", source), "sha256").digest()
    for rule in picture_rules.values():
        rule(sha256=sha256.hex())
    return sha256
