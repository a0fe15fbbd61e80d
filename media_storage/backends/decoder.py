"""Send a file through the confined decoder and take back what it made, trusting neither."""

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from core.errors import UnavailableError
from core.turns import RETRY_AFTER_S, turn
from media_storage.backends.probe import Claim, PictureRefusedError
from media_storage.constants import (
    BLURHASH_MAX,
    DECODE_ANSWER_BYTES_MAX,
    DECODE_SLOTS,
    DECODE_WAIT_BACKGROUND_S,
    DECODE_WAIT_S,
    EXTENSIONS,
)

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# -I keeps the working directory, the user's packages and PYTHON* out; our own root comes last.
RUN: Final = (
    "import sys, runpy; sys.path.append(sys.argv.pop(1));"
    "runpy.run_module('media_storage.backends.decode', run_name='__main__', alter_sys=True)"
)
ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
CHUNK: Final = 1 << 16


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
    with turn("decode", slots=haste.slots, wait_s=haste.wait_s) as slot:
        status, answer = _run(file, json.dumps(job), slot, haste.wall_s)
    if status != 0:
        raise PictureRefusedError(_verdict(status))
    return _read(answer)


def _run(file: BinaryIO, job: str, slot: int, wall_s: float) -> tuple[int, bytes]:
    """Exit status and output. The child holds the slot too: it counts even if we are killed."""
    deadline = time.monotonic() + wall_s
    with _from_the_start(file) as source, _start(source, job, slot) as child:
        try:
            answer = _drain(child, deadline)
            status = child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            status, answer = -signal.SIGKILL, b""
        finally:
            child.kill()
    return status, answer


@contextlib.contextmanager
def _from_the_start(file: BinaryIO) -> Iterator[int]:
    """Give the descriptor at its beginning, and leave it where it was.

    Parent and child share the place, and Python's buffer goes by what it remembers of it.
    """
    descriptor = file.fileno()
    place = os.lseek(descriptor, 0, os.SEEK_CUR)
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        yield descriptor
    finally:
        os.lseek(descriptor, place, os.SEEK_SET)


def _start(source: int, job: str, slot: int) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  our own interpreter and our own module
            [sys.executable, "-I", "-c", RUN, str(ROOT), job],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=(slot,),
        )
    except OSError as error:
        raise UnavailableError(code="busy", retry_after=RETRY_AFTER_S) from error


def _drain(child: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    """All output up to the end, the deadline or the most that an answer may hold."""
    assert child.stdout is not None  # noqa: S101  it was asked for above
    out = child.stdout.fileno()
    # Not select(): it cannot watch descriptors above 1023, which a server with many sockets has.
    poll = select.poll()
    poll.register(out, select.POLLIN)
    parts: list[bytes] = []
    size = 0
    while size <= DECODE_ANSWER_BYTES_MAX and poll.poll(
        max(0.0, deadline - time.monotonic()) * 1000
    ):
        part = os.read(out, CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    child.kill()
    return b""


def _verdict(status: int) -> str:
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
