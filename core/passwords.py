"""Password hashes: Django's bcrypt, in turns and in processes that step back for everything else.

A hash takes a quarter of a second of a processor. Whoever signs in can wait for that; those who
read beside them shall not notice (`python -m benchmarks login.storm`).
"""

import logging
import os
import subprocess
import sys
import time
from concurrent import futures
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, Literal

import bcrypt
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher

from core.turns import busy, long_turn

log = logging.getLogger(__name__)

# For Django's hasher, which looks up both in the module that `library` names.
gensalt = bcrypt.gensalt

# One hash at a time for each two processors of the machine.
SLOTS: Final = max(1, (os.cpu_count() or 1) // 2)
WAIT_S: Final = 20.0
# So long after it was asked for, a hash takes only what no other process wants; then a share of
# its own, so that a machine that is never idle still lets people in.
IDLE_S: Final = 5.0
# Who had to wait for a turn waits so much longer, about as long as a hash takes: of a storm of
# log-ins every other moment belongs to everybody else alone. A processor shares caches and often
# more with the next one, so that even the lowest class is felt.
PAUSE_S: Final = 0.3
QUEUED_S: Final = 0.05

Priority = Literal["idle", "low"]

# What the child runs: not a module of ours, so that it starts in some 30 ms. It knows neither site
# nor environment, and the password comes by its standard input.
CHILD: Final = """
import os, sys
try:
    if sys.argv[2] == "low":
        raise OSError
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
except (AttributeError, OSError):
    os.nice(10)
sys.path.append(sys.argv[1])
import bcrypt
salt, _, password = sys.stdin.buffer.read().partition(b"\\n")
sys.stdout.buffer.write(bcrypt.hashpw(password, salt))
"""
PACKAGES: Final = str(Path(bcrypt.__file__).parent.parent)


class SteadyBCryptSHA256PasswordHasher(BCryptSHA256PasswordHasher):
    """BCryptSHA256 of 12 rounds; more hashes than the machine has turns for wait in a queue."""

    library = ("bcrypt", __name__)


class QuickBCryptSHA256PasswordHasher(BCryptSHA256PasswordHasher):
    """The same with 4 rounds and at once: for tests only."""

    rounds = 4


def hashpw(password: bytes, salt: bytes) -> bytes:
    """What bcrypt's function of this name gives. Raises UnavailableError `busy`."""
    hashing = _queue().submit(_in_turn, password, salt, time.monotonic())
    try:
        return hashing.result(WAIT_S)
    except futures.TimeoutError as error:
        hashing.cancel()
        raise busy() from error


def _in_turn(password: bytes, salt: bytes, asked_at: float) -> bytes:
    order = salt + b"\n" + password
    with long_turn("password", slot=os.getpid() % SLOTS):
        if time.monotonic() - asked_at > QUEUED_S:
            time.sleep(PAUSE_S)
        patience = asked_at + IDLE_S - time.monotonic()
        if patience > 0:
            with suppress(subprocess.TimeoutExpired):
                return _hash(order, "idle", patience)
        return _hash(order, "low", WAIT_S)


def _hash(order: bytes, priority: Priority, patience_s: float) -> bytes:
    """What a child makes of the order. Raises TimeoutExpired, and `busy` if it starts or ends ill."""
    try:
        done = subprocess.run(  # noqa: S603  no shell, our own words
            [sys.executable, "-I", "-S", "-c", CHILD, PACKAGES, priority],
            input=order,
            stdout=subprocess.PIPE,
            timeout=patience_s,
            check=True,
            env={},
            cwd="/",
        )
    except (OSError, subprocess.CalledProcessError) as error:
        log.exception("no process for a password hash")
        raise busy() from error
    return done.stdout


@cache
def _queue() -> futures.ThreadPoolExecutor:
    return futures.ThreadPoolExecutor(1, thread_name_prefix="passwords")


# Threads do not live on in a forked process.
os.register_at_fork(after_in_child=_queue.cache_clear)
