"""Turns for expensive work: at most so many at once on this machine, over all its processes.

A turn is a kernel lock on one of a few files, so it ends with whoever holds it, however they end.
"""

import contextlib
import fcntl
import os
import random
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from core.errors import UnavailableError

POLL_S = 0.03
RETRY_AFTER_S = 5


@contextlib.contextmanager
def turn(name: str, *, slots: Sequence[int], wait_s: float) -> Iterator[int]:
    """Hold one of the numbered slots and give its descriptor, for children that shall hold it too.

    Raises UnavailableError `busy` when none is free within `wait_s` seconds.
    """
    with turns(name, count=1, slots=slots, wait_s=wait_s) as held:
        yield held[0]


@contextlib.contextmanager
def turns(name: str, *, count: int, slots: Sequence[int], wait_s: float) -> Iterator[list[int]]:
    """Hold so many of the slots, all or none, so that nobody waits while he keeps others waiting.

    Raises UnavailableError `busy` when they are not free together within `wait_s` seconds.
    """
    folder = _folder()
    deadline = time.monotonic() + wait_s
    while len(held := _free(folder, name, slots, count)) < count:
        _release(held)
        if time.monotonic() >= deadline:
            raise busy()
        time.sleep(POLL_S * random.uniform(0.5, 1.5))  # noqa: S311  no secret
    try:
        yield held
    finally:
        _release(held)


@contextlib.contextmanager
def long_turn(name: str, *, slot: int) -> Iterator[None]:
    """Hold this one slot, however long that takes to get: for a thread that does nothing else."""
    descriptor = _open(_folder(), name, slot)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def busy() -> UnavailableError:
    """The answer for who waited as long as anybody may."""
    return UnavailableError(
        "There is too much to do right now. Try again in a moment.",
        code="busy",
        retry_after=RETRY_AFTER_S,
    )


def _free(folder: Path, name: str, slots: Sequence[int], count: int) -> list[int]:
    """Up to so many slots that are free now, held."""
    held: list[int] = []
    for slot in slots:
        if len(held) == count:
            break
        descriptor = _open(folder, name, slot)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            held.append(descriptor)
    return held


def _release(held: Sequence[int]) -> None:
    for descriptor in held:
        os.close(descriptor)


def _open(folder: Path, name: str, slot: int) -> int:
    return os.open(folder / f"{name}-{slot}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _folder() -> Path:
    """A private folder that all processes of this account share; never one that another made.

    Services that each have a temporary folder of their own share RUNTIME_DIRECTORY instead.
    """
    parent = settings.RUNTIME_DIRECTORY or tempfile.gettempdir()
    folder = Path(parent) / f"jyoti-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder
