"""While the database does not answer, one caller at a time finds that out; the others are told."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

PAUSE_S = 0.5
#: Who comes while somebody finds out waits so long for the outcome: an answer takes milliseconds.
WAIT_S = 0.3


class Breaker:
    """Keeps the threads of a process from all waiting for a database that is away.

    Without it each request holds a thread for a whole connect time-out, and health checks wait
    behind them until the load balancer takes the host for dead.
    """

    def __init__(self) -> None:
        self._tried = threading.Condition()
        self._failed_at: float | None = None
        self._is_being_tried = False

    def attempt(self, connect: Callable[[], psycopg.Connection[Any]]) -> psycopg.Connection[Any]:
        """Connect, unless that failed a moment ago or somebody finds out just now.

        Raises OperationalError, at once or when `connect` does.
        """
        self._enter()
        try:
            connection = connect()
        except BaseException:
            self._leave(time.monotonic())
            raise
        self._leave(None)
        return connection

    def _enter(self) -> None:
        with self._tried:
            if self._failed_at is not None and self._is_being_tried:
                self._tried.wait(WAIT_S)
            if self._failed_at is not None:
                is_pause = time.monotonic() < self._failed_at + PAUSE_S
                if is_pause or self._is_being_tried:
                    raise psycopg.OperationalError("the database did not answer a moment ago")
            self._is_being_tried = True

    def _leave(self, failed_at: float | None) -> None:
        with self._tried:
            self._failed_at, self._is_being_tried = failed_at, False
            self._tried.notify_all()
