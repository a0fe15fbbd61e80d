"""What all sockets of one process share: Hub, Batcher, threads for the ORM, short caches."""

import asyncio
import logging
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from channels.db import database_sync_to_async
from django.db import DEFAULT_DB_ALIAS, connections

from accounts.shapes import UserSummaryShape
from core.realtime import Envelope
from core.realtime.envelopes import encode
from core.realtime.process import gateway_hub, stop_gateway_hub
from core.realtime.routes import Push, kind_of, user_key
from core.realtime.trips import Trips
from core.redis import async_redis
from messaging.consumers.buckets import Buckets
from messaging.consumers.caches import ShortCache
from messaging.consumers.delays import Delays
from messaging.consumers.gathering import Gathered
from messaging.consumers.presence import Sockets
from messaging.selectors import inbox_versions, summaries_of
from messaging.services import Batcher

log = logging.getLogger(__name__)
T = TypeVar("T")

THREADS = 8
PERSON_TTL_S = 30.0
REGISTERED_TIMEOUT_S = 1.0


class Gateway:
    """One per event loop. The ORM is used in its threads only, never on the loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.hub = gateway_hub()
        self.batcher = Batcher(connections[DEFAULT_DB_ALIAS].settings_dict)
        self.delays = Delays()
        #: Sockets that listen no longer and are about to be closed.
        self.closing: set[asyncio.Task[None]] = set()
        #: Handshakes that were accepted and are no sockets of the Hub yet.
        self.opening = 0
        self.presence = Sockets(self)
        self._trips = Trips(async_redis())
        self.buckets = Buckets(self._trips)
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="gateway")
        self._summaries = Gathered(self._load_summaries)
        self._people = ShortCache(self._summaries.get, ttl_s=PERSON_TTL_S)
        self._versions = Gathered(self._load_versions)

    async def in_thread(self, function: Callable[[], T]) -> T:
        """Run what uses the ORM or waits for Redis; threads of its own, so no socket waits."""
        call = database_sync_to_async(function, thread_sensitive=False, executor=self._executor)
        return await call()

    def push(self, user_ids: Sequence[int], message: Envelope) -> None:
        """Write the envelope to every socket of these people, here and elsewhere."""
        if user_ids:
            kind = kind_of(message["t"])
            self.hub.push(Push(tuple(map(user_key, user_ids)), kind, encode(message)))

    async def registered(self) -> None:
        """Wait until other processes send to this one, but not for a Redis that is away.

        When it comes back, all sockets are told to `resync`.
        """
        try:
            await asyncio.wait_for(self.hub.registered(), REGISTERED_TIMEOUT_S)
        except TimeoutError:
            log.warning("a socket opened while Redis is away")

    async def person(self, user_id: int) -> UserSummaryShape | None:
        """Somebody as others see them in live messages, up to 30 s old."""
        return await self._people.get(user_id)

    def known_person(self, user_id: int) -> UserSummaryShape | None:
        """The same where nothing needs to be read; None says nothing."""
        return self._people.kept(user_id)

    async def inbox_version(self, user_id: int) -> int:
        """How far the person's inbox is now; many who ask at once share a query."""
        return await self._versions.get(user_id) or 0

    def forget(self, user_id: int) -> None:
        """The person's last socket here is gone."""
        if not self.hub.sockets_of(user_id):
            self.buckets.forget(user_id)

    def note_delay(self, arrived_at: float) -> None:
        """A message was just pushed whose frame came at that time of the loop."""
        self.delays.add(self.loop.time() - arrived_at)

    async def stop(self) -> None:
        """Leave nothing open."""
        await self.batcher.stop()
        await self.presence.stop()
        self.buckets.stop()
        await self._trips.stop()
        await stop_gateway_hub()
        self._close_threads()

    async def _load_summaries(self, ids: Collection[int]) -> dict[int, UserSummaryShape]:
        return await self.in_thread(lambda: summaries_of(user_ids=ids))

    async def _load_versions(self, ids: Collection[int]) -> dict[int, int]:
        return await self.in_thread(lambda: inbox_versions(user_ids=ids))

    def _close_threads(self) -> None:
        """Each thread closes its own database connection."""
        everyone = threading.Barrier(THREADS)

        def close() -> None:
            everyone.wait()
            connections.close_all()

        for _ in range(THREADS):
            self._executor.submit(close)
        self._executor.shutdown()
