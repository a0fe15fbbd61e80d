"""Know a process again by pid and start time, end it, and let it end with its parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_POLL_S = 0.02
_ZOMBIE = "Z"


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """One process and no other: a recycled pid has another start time."""

    pid: int
    started: str


def identity_of(pid: int) -> ProcessIdentity | None:
    """Who runs under this pid now; None when nobody does (a zombie is nobody)."""
    started = _started_on_linux(pid) if sys.platform == "linux" else _started_by_ps(pid)
    return ProcessIdentity(pid, started) if started else None


def is_running(identity: ProcessIdentity) -> bool:
    """Whether exactly this process still runs."""
    return identity_of(identity.pid) == identity


def stop_process(identity: ProcessIdentity, signals: Sequence[int], grace_s: float) -> None:
    """Send the signals in turn, each after `grace_s` seconds in vain; SIGKILL is the last.

    A process that only shares the pid is left alone.
    """
    for number in (*signals, signal.SIGKILL):
        if not is_running(identity):
            return
        os.kill(identity.pid, number)
        deadline = time.monotonic() + grace_s
        while is_running(identity) and time.monotonic() < deadline:
            time.sleep(_POLL_S)


def command_line_of(pid: int) -> str:
    """The words a process was started with, spaces between; empty when it is gone."""
    if sys.platform != "linux":
        return _ps("args=", pid)
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def end_with_parent(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` after which the kernel sends signal `number` when the parent dies.

    "Parent" is the thread that starts the child, so start it from the main thread.
    None where the kernel has no such thing; there the next start stops what was left.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # It died before the call above.
            os.kill(os.getpid(), signal.SIGKILL)

    return arm


def _started_on_linux(pid: int) -> str:
    try:
        # The name in brackets may hold spaces and brackets; state is field 3, start is field 22.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    return "" if fields[0] == _ZOMBIE else f"{boot}/{fields[19]}"


def _started_by_ps(pid: int) -> str:
    if _ps("stat=", pid).startswith(_ZOMBIE):
        return ""
    return _ps("lstart=", pid)


def _ps(column: str, pid: int) -> str:
    answer = subprocess.run(  # noqa: S603 - no shell, our own words
        ["/bin/ps", "-ww", "-o", column, "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()
