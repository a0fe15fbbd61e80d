"""Limits: counters in fixed windows, shared by all processes; local ones while Redis is away."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from redis.commands.core import Script

from core.errors import RateLimitedError
from core.redis import attempt, key, quick_get, sync_redis

MINUTE, HOUR = 60, 3600

# One round trip: read a cached value, count against a window, forget the window when it ends.
_PEEK_AND_TAKE = """local n = 0
if KEYS[2] then
  n = redis.call('INCRBY', KEYS[2], ARGV[1])
  if n == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[2], ARGV[2]) end
end
return {redis.call('GET', KEYS[1]) or '', n}"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in `window_s` seconds for one subject; `scope` names it in documents."""

    scope: str
    count: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether it was allowed, and if not, after how many whole seconds to try again."""

    allowed: bool
    retry_after: int


ALLOWED = Taken(allowed=True, retry_after=0)


def take(limit: Limit, subject: str, *, cost: int = 1) -> Taken:
    """Count `cost` against the subject's window. RATE_LIMIT_SCALE multiplies, 0 switches off."""
    _, taken = peek_and_take(key("none"), limit, subject, cost=cost)
    return taken or ALLOWED


def peek_and_take(
    name: str, limit: Limit | None, subject: str, *, cost: int = 1
) -> tuple[str | None, Taken | None]:
    """The text cached at `name` (None if there is none) and, with a limit, as `take`.

    Both in one round trip. While Redis is away nothing is cached and the counters are local.
    """
    if limit is None or settings.RATE_LIMIT_SCALE == 0:
        found = attempt(lambda: quick_get(name), lambda: None)
        return (found.decode() if found else None), None
    now = time.time()
    window = int(now // limit.window_s)
    ends_at = (window + 1) * limit.window_s
    counter = key("rl", limit.scope, subject, window)
    value, used = _ask(
        [name, counter], [cost, limit.window_s], lambda: _local.add(counter, cost, ends_at)
    )
    allowed = used <= max(1, round(limit.count * settings.RATE_LIMIT_SCALE))
    return value, Taken(allowed, 0 if allowed else max(1, int(ends_at - now) + 1))


def _ask(keys: list[str], args: list[int], locally: Callable[[], int]) -> tuple[str | None, int]:
    def remote() -> tuple[str | None, int]:
        value, used = _script()(keys=keys, args=args)
        return (value.decode() or None), used

    return attempt(remote, lambda: (None, locally()))


def _script() -> Script:
    return sync_redis().register_script(_PEEK_AND_TAKE)


def enforce(limit: Limit, subject: str, *, cost: int = 1) -> None:
    """As `take`, but raises RateLimitedError with `retry_after` when it is too much."""
    taken = take(limit, subject, cost=cost)
    if not taken.allowed:
        raise RateLimitedError(retry_after=taken.retry_after)


class _LocalCounters:
    """The same counters inside this process, for while Redis does not answer."""

    MOST = 10_000

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: dict[str, tuple[int, float]] = {}

    def add(self, name: str, cost: int, expires_at: float) -> int:
        with self.lock:
            if len(self.counts) > self.MOST:
                now = time.time()
                self.counts = {k: v for k, v in self.counts.items() if v[1] > now}
            used = self.counts.get(name, (0, 0.0))[0] + cost
            self.counts[name] = (used, expires_at)
            return used


_local = _LocalCounters()
