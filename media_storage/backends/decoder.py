"""Send a file through the confined decoder and take back what it made, trusting neither."""

import contextlib
import json
import logging
import math
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from core.turns import turn, turns
from media_storage.backends.children import Bounds, python, run
from media_storage.backends.probe import Claim, PictureRefusedError
from media_storage.constants import (
    BLURHASH_MAX,
    DECODE_ANSWER_BYTES_MAX,
    DECODE_BYTES,
    DECODE_BYTES_PER_PIXEL,
    DECODE_BYTES_PER_PIXEL_PROGRESSIVE,
    DECODE_SLOTS,
    DECODE_WAIT_BACKGROUND_S,
    DECODE_WAIT_S,
    EXTENSIONS,
    MEMORY_SHARE_BYTES,
    MEMORY_SHARES,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Haste:
    """Who waits for the result: how long it may take, and which slots it may use."""

    cpu_s: int
    wall_s: float
    wait_s: float
    slots: Sequence[int]


PERSON: Final = Haste(5, 10.0, DECODE_WAIT_S, range(DECODE_SLOTS))
# Background work leaves the first slot to people who wait.
BACKGROUND: Final = Haste(20, 40.0, DECODE_WAIT_BACKGROUND_S, range(1, DECODE_SLOTS))


@dataclass(frozen=True, slots=True)
class Picture:
    """One encoded picture; `name` is its file name."""

    name: str
    width: int
    height: int
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Decoded:
    """The upright size of the original, a BlurHash, and the pictures ascending by width."""

    width: int
    height: int
    blurhash: str
    pictures: list[Picture]


def decode(
    file: BinaryIO,
    claim: Claim,
    *,
    webp_widths: Sequence[int],
    avif_widths: Sequence[int] = (),
    shape: str = "fit",
    haste: Haste = PERSON,
) -> Decoded:
    """Decode a file that has a descriptor and encode the widths asked for.

    A `fit` keeps the whole picture and is never enlarged; a `square` is the centre, at exactly
    these widths. Raises PictureRefusedError for the file, UnavailableError `busy` for lack of a
    turn.
    """
    job = {
        "format": claim.format,
        "shape": shape,
        "webp_widths": list(webp_widths),
        "avif_widths": list(avif_widths),
        "cpu_s": haste.cpu_s,
    }
    with decode_turn(claim, haste) as slots:
        bounds = Bounds(haste.wall_s, DECODE_ANSWER_BYTES_MAX, slots)
        status, answer = run(python("decode", json.dumps(job)), file, bounds)
    if status != 0:
        raise PictureRefusedError(verdict(status))
    return _read(answer)


@contextlib.contextmanager
def decode_turn(claim: Claim, haste: Haste) -> Iterator[Sequence[int]]:
    """Hold a place to decode in; the child holds it, too: it counts even if we are killed.

    What needs much memory waits for many shares of it. Raises UnavailableError `busy`.
    """
    with (
        memory(_needed_bytes(claim), wait_s=haste.wait_s) as shares,
        turn("decode", slots=haste.slots, wait_s=haste.wait_s) as slot,
    ):
        yield [*shares, slot]


@contextlib.contextmanager
def memory(size: float, *, wait_s: float) -> Iterator[list[int]]:
    """Hold enough shares of this machine's memory for strange files, all if it is more.

    Raises UnavailableError `busy`.
    """
    count = min(MEMORY_SHARES, math.ceil(size / MEMORY_SHARE_BYTES))
    with turns("memory", count=count, slots=range(MEMORY_SHARES), wait_s=wait_s) as held:
        yield held


def _needed_bytes(claim: Claim) -> float:
    each = DECODE_BYTES_PER_PIXEL[claim.format]
    if claim.scans > 1:
        each = DECODE_BYTES_PER_PIXEL_PROGRESSIVE
    return DECODE_BYTES + claim.width * claim.height * each


def verdict(status: int) -> str:
    """The reason for which a child ended early; one that could not even start is our fault."""
    if status > 0:
        raise RuntimeError(f"the picture decoder ended with status {status}")
    is_limit = -status in {signal.SIGXCPU, signal.SIGKILL}
    log.warning("picture decoder killed", extra={"signal": -status})
    return "picture_too_complex" if is_limit else "unreadable_picture"


def _read(answer: bytes) -> Decoded:
    """Take the answer apart. Whatever does not fit is the work of a bad file."""
    line, _, rest = answer.partition(b"\n")
    try:
        head = json.loads(line)
        if "refused" in head:
            log.info("picture refused", extra={"refusal": head["refused"], "why": head["why"]})
            raise PictureRefusedError(str(head["refused"]))
        pictures = []
        for item in head["renditions"]:
            picture, rest = _cut(item, rest)
            pictures.append(picture)
        size = int(head["width"]), int(head["height"])
        hash_ = str(head["blurhash"])[:BLURHASH_MAX]
    except (ValueError, KeyError, TypeError) as error:
        raise PictureRefusedError("unreadable_picture") from error
    pictures.sort(key=lambda picture: (picture.width, picture.type != "image/webp"))
    return Decoded(*size, hash_, pictures)


def _cut(item: dict[str, Any], rest: bytes) -> tuple[Picture, bytes]:
    """The next picture, and what follows it."""
    length, width, height = int(item["data"]), int(item["width"]), int(item["height"])
    if not 0 < length <= len(rest):
        raise ValueError("the answer is shorter than it says")
    name = f"{width}.{EXTENSIONS[item['type']]}"
    return Picture(name, width, height, item["type"], rest[:length]), rest[length:]
