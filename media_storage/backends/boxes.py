"""The boxes of ISO base media files (MP4, QuickTime, HEIC, AVIF), read without any decoding.

A box is its length, its four-letter name, and its content, which may be boxes again (ISO 14496-12).
"""

import mmap
import struct
from collections.abc import Iterator
from typing import Final

Data = bytes | mmap.mmap
# A camera writes some fifty; whoever writes more wants to keep us busy.
MOST_BOXES: Final = 2_000
MOST_BRANDS: Final = 32
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"})
AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
# QuickTime is older than the box that names brands.
OLD_QUICKTIME: Final = frozenset({b"moov", b"mdat", b"wide"})


def brands(data: Data) -> list[bytes]:
    """What the file says that it is, the main brand first; empty when it has no such box."""
    if bytes(data[4:8]) != b"ftyp":
        return []
    end = min(struct.unpack(">I", data[:4])[0], len(data), 16 + 4 * MOST_BRANDS)
    return [bytes(data[8:12]), *(bytes(data[at : at + 4]) for at in range(16, end - 3, 4))]


def picture_format(data: Data) -> str | None:
    """Pillow's name for a picture in boxes, None for anything else."""
    found = set(brands(data))
    if found & AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if found & HEIC_BRANDS else None


def picture_size(data: Data) -> tuple[int, int]:
    """Width and height of the largest picture that is described. Raises struct.error if none is."""
    sizes = [
        struct.unpack(">II", data[start + 4 : start + 12])
        for start, _ in _inside(data, (b"meta", b"iprp", b"ipco", b"ispe"))
    ]
    if not sizes:
        raise struct.error("no size")
    return max(sizes, key=lambda size: size[0] * size[1])


def _inside(data: Data, path: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Start and end of the content of each box on this path, from the outermost inwards."""
    places = [(0, len(data))]
    for name in path:
        # `meta` has a version and flags before its boxes.
        skip = 4 if name == b"meta" else 0
        places = [
            (start + skip, end)
            for outer in places
            for found, start, end in _boxes(data, *outer)
            if found == name
        ]
    yield from places


def _boxes(data: Data, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of each box in this range."""
    for _ in range(MOST_BOXES):
        if at + 8 > end:
            return
        length, name = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if length == 1:
            length, head = struct.unpack(">Q", data[at + 8 : at + 16])[0], 16
        elif length == 0:
            length = end - at
        if length < head:
            return
        yield name, at + head, min(at + length, end)
        at += length
