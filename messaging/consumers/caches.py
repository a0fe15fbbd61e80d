"""Small answers kept in the process for seconds, so that frequent frames ask no database."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_KEPT = 10_000


class ShortCache(Generic[K, V]):
    """Keeps what `load` gave for `ttl_s` seconds; what `load` raises is not kept."""

    def __init__(self, load: Callable[[K], Awaitable[V]], *, ttl_s: float) -> None:
        self._load, self._ttl_s = load, ttl_s
        self._kept: dict[K, tuple[V, float]] = {}

    def kept(self, key: K) -> V | None:
        """The value, at most `ttl_s` old; None where it would have to be loaded."""
        value, expires_at = self._kept.get(key, (None, 0.0))
        return value if expires_at > time.monotonic() else None

    async def get(self, key: K) -> V:
        """The value, at most `ttl_s` old."""
        value = self.kept(key)
        if value is not None:
            return value
        loaded = await self._load(key)
        if len(self._kept) >= MOST_KEPT:
            # Asking again is cheaper than looking for what is old.
            self._kept.clear()
        self._kept[key] = (loaded, time.monotonic() + self._ttl_s)
        return loaded
