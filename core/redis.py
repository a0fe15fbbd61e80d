"""Redis and Valkey clients: time-outs everywhere, and a pause after a failure instead of a queue."""

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

TIMEOUT_S = 1.0
PAUSE_S = 1.0
T = TypeVar("T")


def key(*parts: object) -> str:
    """A key or channel of ours: REDIS_PREFIX and the parts, joined by colons."""
    return ":".join((settings.REDIS_PREFIX, *map(str, parts)))


@cache
def sync_redis(index: int = 0) -> redis.Redis:
    """The shared client of this process for threads; `index` chooses among REDIS_URL's list."""
    return redis.Redis.from_url(
        settings.REDIS_URLS[index],
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        health_check_interval=15,
        # One more try covers a connection that the server closed while it was idle; a server that
        # does not answer in time is not asked again.
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    )


def async_redis(index: int = 0) -> redis.asyncio.Redis:
    """A new client for one event loop; no retries, so that an interruption is noticed."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URLS[index],
        socket_timeout=5.0,
        socket_connect_timeout=TIMEOUT_S,
        retry=AsyncRetry(NoBackoff(), 0),
    )


class _Breaker:
    """After a failure nobody asks for PAUSE_S, so that a hung Redis costs one time-out a second."""

    def __init__(self) -> None:
        self.closed_until = 0.0
        self.lock = threading.Lock()

    def attempt(self, ask: Callable[[], T], otherwise: Callable[[], T]) -> T:
        if time.monotonic() < self.closed_until:
            return otherwise()
        try:
            return ask()
        except (RedisError, OSError):
            with self.lock:
                self.closed_until = time.monotonic() + PAUSE_S
            return otherwise()


_breaker = _Breaker()


def attempt(ask: Callable[[], T], otherwise: Callable[[], T]) -> T:
    """Return `ask()`, or `otherwise()` when Redis does not answer or did not a moment ago."""
    return _breaker.attempt(ask, otherwise)


_own = threading.local()


def quick_get(name: str) -> bytes | None:
    """GET on a connection of this thread's own: a third of what a trip through the pool costs.

    For what every request asks. Raises RedisError.
    """
    client = sync_redis()
    held = getattr(_own, "held", None)
    if held is None or held[0] is not client:
        held = _own.held = (client, client.connection_pool.make_connection())
    connection = held[1]
    try:
        return _get_on(connection, name)
    except RedisConnectionError:
        # The server closed it while it was idle.
        connection.disconnect()
        return _get_on(connection, name)
    except BaseException:
        # An answer may still come, and would be taken for that of the next question.
        connection.disconnect()
        raise


def _get_on(connection: Any, name: str) -> bytes | None:
    connection.send_command("GET", name)
    answer: bytes | None = connection.read_response()
    return answer
