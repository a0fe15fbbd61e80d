"""Limits that a process puts on itself for good before it touches a strange file. Knows no Django.

`confinement.py <limits as JSON> <program> <argument> ...` puts them on and becomes the program.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Processor seconds, bytes of address space, bytes of the largest file written, open files.

    `niceness` is how far the process steps back behind others.
    """

    cpu_s: int
    memory_bytes: int
    file_bytes: int = 0
    open_files: int = 16
    niceness: int = 0


def confine(limits: Limits) -> None:
    """Put the limits on this process and its children; it leaves no dumps and dies first."""
    _offer_to_oom_killer()
    if limits.niceness:
        os.nice(limits.niceness)
    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
    ):
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            # macOS knows no limit of the address space; production runs on Linux.
            if sys.platform == "linux":
                raise


def _offer_to_oom_killer() -> None:
    """If the machine runs out of memory, this process is the one to lose."""
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text("1000")


def _end_with_parent() -> None:
    """Whoever waits for a conversion of minutes may be killed; nobody else would end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Become the program. Raises OSError if it is not there."""
    limits, program = Limits(**json.loads(arguments[0])), arguments[1:]
    _end_with_parent()
    confine(limits)
    os.execv(program[0], program)  # noqa: S606  no shell, our own words


if __name__ == "__main__":
    main(sys.argv[1:])
