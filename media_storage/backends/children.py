"""Start confined processes, feed them a file, and take back what they answer within limits."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import UnavailableError
from core.turns import RETRY_AFTER_S

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# -I keeps the working directory, the user's packages and PYTHON* out; our own root comes last.
RUN: Final = (
    "import sys, runpy; sys.path.append(sys.argv.pop(1));"
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)
ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
CHUNK: Final = 1 << 16

Child = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The seconds that a child may take, the bytes it may answer, descriptors it inherits."""

    wall_s: float
    answer_bytes: int
    pass_fds: Sequence[int] = ()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules apart from everything else."""
    return [
        sys.executable,
        "-I",
        "-c",
        RUN,
        str(ROOT),
        f"media_storage.backends.{module}",
        *arguments,
    ]


def run(command: Sequence[str], source: BinaryIO, bounds: Bounds) -> tuple[int, bytes]:
    """Exit status and output of a child that reads the file as its standard input.

    -SIGKILL and no output when it takes too long or says too much. UnavailableError `busy` if no
    process can be started.
    """
    deadline = time.monotonic() + bounds.wall_s
    with from_the_start(source) as stdin, start(command, stdin, bounds.pass_fds) as child:
        try:
            answer = _drain(child, deadline, bounds.answer_bytes)
            status = child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            status, answer = -signal.SIGKILL, b""
        finally:
            child.kill()
    return status, answer


@contextlib.contextmanager
def from_the_start(file: BinaryIO) -> Iterator[int]:
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


def start(command: Sequence[str], stdin: int, pass_fds: Sequence[int] = ()) -> Child:
    """A child with nothing of our environment. Raises UnavailableError `busy`."""
    try:
        return subprocess.Popen(  # noqa: S603  no shell, our own words
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=pass_fds,
        )
    except OSError as error:
        raise UnavailableError(code="busy", retry_after=RETRY_AFTER_S) from error


def _drain(child: Child, deadline: float, most: int) -> bytes:
    """All output up to the end, the deadline or the most that an answer may hold."""
    assert child.stdout is not None  # noqa: S101  it was asked for above
    out = child.stdout.fileno()
    # Not select(): it cannot watch descriptors above 1023, which a server with many sockets has.
    poll = select.poll()
    poll.register(out, select.POLLIN)
    parts: list[bytes] = []
    size = 0
    while size <= most and poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        part = os.read(out, CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    child.kill()
    return b""
