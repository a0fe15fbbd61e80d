"""The child process that takes an animation apart: file in, raw frames of one size and rate out.

`animate.py <order as JSON>`; the frames are 24-bit RGB, one after the other, for a video encoder.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image

from media_storage.backends.confinement import Limits, confine
from media_storage.backends.render import LANCZOS, UPRIGHT, flattened, opened, orientation
from media_storage.constants import DECODE_MEMORY_BYTES

# Browsers show frames that ask for less than 20 ms, or for nothing, for a tenth of a second.
SHORTEST_MS, USUAL_MS = 20, 100


@dataclass(frozen=True, slots=True)
class FilmOrder:
    """Pillow's format name of the source; size, frames a second and the most frames to give."""

    format: str
    width: int
    height: int
    rate: int
    most: int


def main(arguments: list[str]) -> int:
    """Carry out the one order. A damaged frame ends the film; what came before it stands."""
    job: dict[str, Any] = json.loads(arguments[0])
    confine(Limits(int(job.pop("cpu_s")), DECODE_MEMORY_BYTES))
    with os.fdopen(0, "rb", closefd=False) as source:
        try:
            for frame in frames(source, FilmOrder(**job)):
                sys.stdout.buffer.write(frame)
        except BrokenPipeError:
            return 1
        except Exception:  # noqa: BLE001  Pillow raises what it likes on a damaged file
            return 0
    return 0


def frames(source: BinaryIO, order: FilmOrder) -> Iterator[bytes]:
    """The frames as they would be seen, each as often as it is shown at this rate."""
    given, shown_ms = 0, 0.0
    with opened(source, order.format) as picture:
        for _ in _each(picture):
            raw = _raw(picture, order)
            shown_ms += _delay_ms(picture.info.get("duration"))
            until = min(order.most, max(1, round(shown_ms * order.rate / 1000)))
            for _ in range(until - given):
                yield raw
            given = max(given, until)
            if given == order.most:
                return


def _each(picture: Image.Image) -> Iterator[None]:
    """Stop at each frame in turn."""
    index = 0
    while True:
        try:
            picture.seek(index)
        except EOFError:
            return
        yield
        index += 1


def _raw(picture: Image.Image, order: FilmOrder) -> bytes:
    picture.load()
    flat = flattened(picture).convert("RGB")
    turn = orientation(picture)
    upright = flat.transpose(UPRIGHT[turn]) if turn in UPRIGHT else flat
    return upright.resize((order.width, order.height), LANCZOS, reducing_gap=3.0).tobytes()


def _delay_ms(duration: object) -> float:
    value = float(duration) if isinstance(duration, int | float) else 0.0
    return value if value >= SHORTEST_MS else USUAL_MS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
