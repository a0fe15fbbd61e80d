"""What a file claims to be, read from its headers alone: nothing is decoded, nothing trusted.

Each walker takes a bounded number of steps, whatever the file says. The decoder checks the size
again: this is the cheap first gate, in front of any native code.
"""

import mmap
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from media_storage.backends.boxes import Data, picture_format, picture_size
from media_storage.constants import (
    PICTURE_FRAMES_MAX,
    PICTURE_PIXELS_MAX,
    PICTURE_SCANS_MAX,
    PICTURE_SIDE_MAX,
    PIXELS_MAX,
)

# A 50 MB GIF of ordinary blocks takes 200,000; one of one-byte blocks would take 25 million.
MOST_STEPS: Final = 400_000


class PictureRefusedError(Exception):
    """The file is no acceptable picture; `code` is the stable reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Claim:
    """What the headers say: Pillow's format name, MIME type, size in pixels, frames, scans."""

    format: str
    content_type: str
    width: int
    height: int
    frames: int = 1
    scans: int = 1


def probe(file: BinaryIO) -> Claim:
    """Read the claim of a file on disk (one with a descriptor) and hold it against the limits.

    Raises PictureRefusedError: `empty_file`, `unsupported_type`, `unreadable_picture`,
    `too_many_pixels`, `too_long_side`, `too_many_frames`, `too_many_scans`, `picture_too_complex`.
    """
    try:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise PictureRefusedError("empty_file") from error
    with data:
        claim = read_claim(data)
    check_size(claim.format, claim.width, claim.height)
    if claim.frames > PICTURE_FRAMES_MAX:
        raise PictureRefusedError("too_many_frames")
    if claim.scans > PICTURE_SCANS_MAX:
        raise PictureRefusedError("too_many_scans")
    return claim


def check_size(kind: str, width: int, height: int) -> None:
    """Raise PictureRefusedError unless a picture of this format may have this size."""
    if min(width, height) < 1:
        raise PictureRefusedError("unreadable_picture")
    if max(width, height) > PICTURE_SIDE_MAX:
        raise PictureRefusedError("too_long_side")
    if width * height > PIXELS_MAX.get(kind, PICTURE_PIXELS_MAX):
        raise PictureRefusedError("too_many_pixels")


def read_claim(data: Data) -> Claim:
    """Recognise the type by its first bytes and read its headers; checks no limit."""
    for matches, read in _KINDS:
        if matches(bytes(data[:16])):
            try:
                return read(data)
            except (struct.error, IndexError) as error:
                raise PictureRefusedError("unreadable_picture") from error
    raise PictureRefusedError("unsupported_type")


class _Steps:
    """Counts the steps of one walk and ends it when they are too many."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def take(self) -> bool:
        """True, so that it can stand in a loop's condition; raises `picture_too_complex`."""
        self.left -= 1
        if self.left < 0:
            raise PictureRefusedError("picture_too_complex")
        return True


# JPEG: segments FF xx length …; picture data between them holds FF only as FF 00 or FF D0-D7.
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]", re.DOTALL)
_SIZES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SCAN, _END, _START = 0xDA, 0xD9, 0xD8


def _jpeg(data: Data) -> Claim:
    width = height = scans = 0
    steps, found = _Steps(), _MARKER.search(data, 2)
    while found and scans <= PICTURE_SCANS_MAX and steps.take():
        at, marker = found.start(), data[found.start() + 1]
        if marker == _END:
            break
        if marker in _SIZES and not width:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
        scans += marker == _SCAN
        length = 0 if marker == _START else struct.unpack(">H", data[at + 2 : at + 4])[0]
        found = _MARKER.search(data, at + 2 + length)
    if not (width and scans):
        raise PictureRefusedError("unreadable_picture")
    return Claim("JPEG", "image/jpeg", width, height, scans=scans)


def _png(data: Data) -> Claim:
    if data[12:16] != b"IHDR":
        raise PictureRefusedError("unreadable_picture")
    width, height = struct.unpack(">II", data[16:24])
    steps, at, frames = _Steps(), 8, 1
    while at + 8 <= len(data) and steps.take():
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"acTL":
            frames = struct.unpack(">I", data[at + 8 : at + 12])[0]
        if name in {b"acTL", b"IDAT", b"IEND"}:
            break
        at += 12 + length
    return Claim("PNG", "image/png", width, height, frames=frames)


def _webp(data: Data) -> Claim:
    kind = data[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
        return Claim("WEBP", "image/webp", width, height, frames=max(1, _webp_frames(data)))
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return Claim("WEBP", "image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return Claim("WEBP", "image/webp", width & 0x3FFF, height & 0x3FFF)
    raise PictureRefusedError("unreadable_picture")


def _webp_frames(data: Data) -> int:
    steps, at, frames = _Steps(), 12, 0
    while at + 8 <= len(data) and frames <= PICTURE_FRAMES_MAX and steps.take():
        name, length = struct.unpack("<4sI", data[at : at + 8])
        frames += name == b"ANMF"
        at += 8 + length + (length & 1)
    return frames


_GIF_FRAME, _GIF_EXTENSION = 0x2C, 0x21


def _gif(data: Data) -> Claim:
    width, height = struct.unpack("<HH", data[6:10])
    steps, at, frames = _Steps(), 13 + _gif_colours(data[10]), 0
    while at < len(data) and frames <= PICTURE_FRAMES_MAX and steps.take():
        if data[at] == _GIF_FRAME:
            frames += 1
            at = _gif_blocks(data, at + 11 + _gif_colours(data[at + 9]), steps)
        elif data[at] == _GIF_EXTENSION:
            at = _gif_blocks(data, at + 2, steps)
        else:
            break
    return Claim("GIF", "image/gif", width, height, frames=frames)


def _gif_colours(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0


def _gif_blocks(data: Data, at: int, steps: _Steps) -> int:
    """The place after a chain of data blocks; each begins with its length, the last is empty."""
    while at < len(data) and data[at] and steps.take():
        at += 1 + data[at]
    return at + 1


def _boxed(data: Data) -> Claim:
    """HEIC or AVIF; what moves in them is not looked at, only their main picture."""
    kind = picture_format(data)
    if kind is None:
        raise PictureRefusedError("unsupported_type")
    return Claim(kind, "image/avif" if kind == "AVIF" else "image/heic", *picture_size(data))


_KINDS: Final[list[tuple[Callable[[bytes], bool], Callable[[Data], Claim]]]] = [
    (lambda head: head.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda head: head[4:8] == b"ftyp", _boxed),
]
