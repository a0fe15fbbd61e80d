"""Small answers kept in the process for seconds, so that frequent frames ask no database."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_KEPT = 10_000


class ShortCache(Generic[K, V]):
    """Keeps what `load` gave for `ttl_s` seconds; what `load` raises is not kept.

    What is asked for in the second half of that time is loaded anew meanwhile, so that nobody who
    asks often ever waits. Belongs to one event loop.
    """

    def __init__(self, load: Callable[[K], Awaitable[V]], *, ttl_s: float) -> None:
        self._load, self._ttl_s = load, ttl_s
        self._kept: dict[K, tuple[V, float]] = {}
        self._refreshing: dict[K, asyncio.Task[None]] = {}

    def kept(self, key: K) -> V | None:
        """The value, at most `ttl_s` old; None where it would have to be loaded."""
        value, expires_at = self._kept.get(key, (None, 0.0))
        left_s = expires_at - time.monotonic()
        if value is None or left_s <= 0:
            return None
        if left_s < self._ttl_s / 2 and key not in self._refreshing:
            self._refreshing[key] = asyncio.create_task(self._refresh(key))
        return value

    async def get(self, key: K) -> V:
        """The value, at most `ttl_s` old."""
        value = self.kept(key)
        return value if value is not None else await self._loaded(key)

    async def _loaded(self, key: K) -> V:
        loaded = await self._load(key)
        if len(self._kept) >= MOST_KEPT:
            # Asking again is cheaper than looking for what is old.
            self._kept.clear()
        self._kept[key] = (loaded, time.monotonic() + self._ttl_s)
        return loaded

    async def _refresh(self, key: K) -> None:
        # Whoever asks after the end of its time is told what went wrong.
        with suppress(Exception):
            await self._loaded(key)
        del self._refreshing[key]
