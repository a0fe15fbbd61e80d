"""What all sockets of one process share: Hub, Batcher, threads for the ORM, short caches."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from channels.db import database_sync_to_async
from django.db import DEFAULT_DB_ALIAS, connections

from accounts.shapes import UserSummaryShape
from core.realtime import Envelope
from core.realtime.envelopes import encode
from core.realtime.process import gateway_hub, stop_gateway_hub
from core.realtime.routes import Push, user_key
from core.viewer import Viewer
from messaging.consumers.buckets import Bucket
from messaging.consumers.caches import ShortCache
from messaging.consumers.delays import Delays
from messaging.selectors import member_ids_for, people_for
from messaging.services import Batcher

log = logging.getLogger(__name__)
T = TypeVar("T")

THREADS = 8
PERSON_TTL_S = 30.0
# After a block the two hear nothing more of each other within 5 s.
MEMBERS_TTL_S = 5.0
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
        self._buckets: dict[int, Bucket] = {}
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="gateway")
        self._people = ShortCache(self._load_person, ttl_s=PERSON_TTL_S)
        self._members = ShortCache(self._load_members, ttl_s=MEMBERS_TTL_S)

    async def in_thread(self, function: Callable[[], T]) -> T:
        """Run what uses the ORM or waits for Redis; threads of its own, so no socket waits."""
        call = database_sync_to_async(function, thread_sensitive=False, executor=self._executor)
        return await call()

    def push(self, user_ids: Sequence[int], message: Envelope) -> None:
        """Write the envelope to every socket of these people, here and elsewhere."""
        if user_ids:
            self.hub.push(Push(tuple(map(user_key, user_ids)), "frame", encode(message)))

    async def registered(self) -> None:
        """Wait until other processes send to this one, but not for a Redis that is away.

        When it comes back, all sockets are told to `resync`.
        """
        try:
            await asyncio.wait_for(self.hub.registered(), REGISTERED_TIMEOUT_S)
        except TimeoutError:
            log.warning("a socket opened while Redis is away")

    async def person(self, viewer: Viewer) -> UserSummaryShape | None:
        """The viewer as others see them in live messages, up to 30 s old."""
        return (await self._people.get(viewer)).get(viewer.pk)

    async def members(self, viewer: Viewer, conversation_id: int) -> tuple[int, ...]:
        """Who is in one of the viewer's conversations, up to 5 s old. Raises NotFoundError."""
        return await self._members.get((viewer, conversation_id))

    def bucket(self, user_id: int) -> Bucket:
        """The person's commands, counted over their sockets here."""
        return self._buckets.setdefault(user_id, Bucket())

    def forget(self, user_id: int) -> None:
        """The person's last socket here is gone."""
        if not self.hub.sockets_of(user_id):
            self._buckets.pop(user_id, None)

    def note_delay(self, arrived_at: float) -> None:
        """A message was just pushed whose frame came at that time of the loop."""
        # The writers of the sockets run before what is called soon, being there already.
        self.loop.call_soon(lambda: self.delays.add(self.loop.time() - arrived_at))

    async def stop(self) -> None:
        """Leave nothing open."""
        await self.batcher.stop()
        await stop_gateway_hub()
        self._close_threads()

    async def _load_person(self, viewer: Viewer) -> dict[int, UserSummaryShape]:
        return await self.in_thread(lambda: people_for(viewer=viewer, user_ids=[viewer.pk]))

    async def _load_members(self, key: tuple[Viewer, int]) -> tuple[int, ...]:
        viewer, conversation_id = key
        return await self.in_thread(
            lambda: member_ids_for(viewer=viewer, conversation_id=conversation_id)
        )

    def _close_threads(self) -> None:
        """Each thread closes its own database connection."""
        everyone = threading.Barrier(THREADS)

        def close() -> None:
            everyone.wait()
            connections.close_all()

        for _ in range(THREADS):
            self._executor.submit(close)
        self._executor.shutdown()
