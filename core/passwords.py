"""Password hashes: Django's bcrypt, in turns and on a thread that steps back for everything else.

A hash takes a quarter of a second of a processor. Whoever signs in can wait for that; those who
read beside them shall not notice (`python -m benchmarks login.storm`).
"""

import os
import sys
import threading
from concurrent import futures
from contextlib import suppress
from functools import cache, partial
from typing import Final

from django.contrib.auth.hashers import BCryptSHA256PasswordHasher

from core.turns import busy, long_turn

# One hash at a time for each two processors of the machine.
SLOTS: Final = max(1, (os.cpu_count() or 1) // 2)
WAIT_S: Final = 20.0
NICE: Final = 10


class SteadyBCryptSHA256PasswordHasher(BCryptSHA256PasswordHasher):
    """BCryptSHA256 of 12 rounds; more hashes than the machine has turns for wait in a queue."""

    def encode(self, password: str, salt: str) -> str:
        """The hash, which is also how one is checked. Raises UnavailableError `busy`."""
        hashing = _hashing().submit(_in_turn, partial(super().encode, password, salt))
        try:
            return hashing.result(WAIT_S)
        except futures.TimeoutError as error:
            hashing.cancel()
            raise busy() from error


class QuickBCryptSHA256PasswordHasher(SteadyBCryptSHA256PasswordHasher):
    """The same with 4 rounds: for tests only."""

    rounds = 4


def _in_turn(work: "partial[str]") -> str:
    with long_turn("password", slot=os.getpid() % SLOTS):
        return work()


@cache
def _hashing() -> futures.ThreadPoolExecutor:
    return futures.ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=_step_back)


# Threads do not live on in a forked process.
os.register_at_fork(after_in_child=_hashing.cache_clear)


def _step_back() -> None:
    """Lower the priority of this thread alone, which is possible on Linux."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
