"""The child process that decodes one picture: `decode.py <order as JSON>`, file in, pictures out.

Standard input is the file itself (seekable), standard output gets one line of JSON and then the
bytes of all renditions, one after the other. Before it looks at the file the process gives up
what it does not need: memory, time, and writing files.
"""

import dataclasses
import json
import os
import sys
from typing import Any

from media_storage.backends.confinement import Limits, confine
from media_storage.backends.probe import PictureRefusedError
from media_storage.backends.render import Order, Rendered, render
from media_storage.constants import DECODE_MEMORY_BYTES


def main(arguments: list[str]) -> int:
    """Carry out the one order. The answer tells of a refused file; the status only of our faults."""
    job: dict[str, Any] = json.loads(arguments[0])
    cpu_s = int(job.pop("cpu_s"))
    order = Order(**job)
    confine(Limits(cpu_s, DECODE_MEMORY_BYTES))
    try:
        with os.fdopen(0, "rb", closefd=False) as source:
            answer = render(source, order)
    except PictureRefusedError as refused:
        return refuse(refused.code)
    except MemoryError:
        return refuse("picture_too_complex")
    except Exception as error:  # noqa: BLE001  Pillow raises what it likes on a damaged file
        return refuse("unreadable_picture", why=type(error).__name__)
    return deliver(answer)


def refuse(code: str, *, why: str = "") -> int:
    """Answer that the file is not acceptable."""
    _write({"refused": code, "why": why}, [])
    return 0


def deliver(rendered: Rendered) -> int:
    """Answer with the pictures."""
    head = {
        "width": rendered.width,
        "height": rendered.height,
        "blurhash": rendered.blurhash,
        "renditions": [{**dataclasses.asdict(r), "data": len(r.data)} for r in rendered.renditions],
    }
    _write(head, [r.data for r in rendered.renditions])
    return 0


def _write(head: dict[str, Any], parts: list[bytes]) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
