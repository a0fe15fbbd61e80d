"""The Bus carries pushes between the processes that hold sockets, through one Redis."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, cast

import msgpack
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from core.realtime.counts import COUNTS
from core.realtime.routes import (
    ALL_NODES,
    PUBLISH_SCRIPT,
    ROUTE_TTL_S,
    Kind,
    Push,
    alive_name,
    node_channel,
    route_name,
    script_args,
)

log = logging.getLogger(__name__)

MOST_WAITING = 20_000
MOST_CHARS_WAITING = 16 << 20
MOST_AT_ONCE = 500
RETRY_S = 0.1
SILENCE_S = 5.0
#: How soon it is noticed that our keys are gone from Redis.
CHECK_S = 1.0
ALIVE_TTL_S = 60
RENEW_S = ROUTE_TTL_S / 4


class _GapError(Exception):
    """The subscription may have missed something."""


class Bus:
    """One process's connection to the others. All methods belong to the loop that called `start`.

    Out: routes and pushes of one loop turn go in one round trip; while Redis is away they wait
    and are sent again (at least once: clients drop what they have). In: one subscription.
    Whenever something may have been missed, every route is announced anew and then `resync` is
    called, so that clients read what they lack from the database.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        deliver: Callable[[Push], None],
        resync: Callable[[], None],
        held_keys: Callable[[], Iterable[str]],
    ) -> None:
        self.node = uuid.uuid4().hex[:12]
        self._redis = redis
        self._script = redis.register_script(PUBLISH_SCRIPT)
        self._deliver, self._resync, self._held_keys = deliver, resync, held_keys
        self._changes: dict[str, bool] = {}
        self._pushes: list[Push] = []
        self._chars = 0
        self._waiters: list[asyncio.Future[None]] = []
        self._has_dropped = self._was_late = self._told_away = False
        self._work, self._subscribed = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen and to send."""
        self._tasks = [asyncio.create_task(task) for task in (self._out(), self._in())]

    async def stop(self) -> None:
        """Withdraw this process's routes where Redis lets us, and close the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._changes = dict.fromkeys(self._held_keys(), False)
        try:
            await self._announce()
        except (RedisError, OSError):
            log.info("routes left behind; the next push removes them")
        await self._redis.aclose()

    def route(self, route_key: str, *, is_held: bool) -> None:
        """Tell the others that this process holds the key from now on, or no longer."""
        self._changes[route_key] = is_held
        self._work.set()

    def send(self, push: Push) -> None:
        """Send to the other processes with the pushes of this loop turn; never waits or raises."""
        if len(self._pushes) >= MOST_WAITING or self._chars > MOST_CHARS_WAITING:
            COUNTS["bus_dropped"] += len(self._pushes)
            self._pushes.clear()
            self._chars = 0
            self._has_dropped = True
        self._pushes.append(push)
        self._chars += len(push.text)
        self._work.set()

    async def registered(self) -> None:
        """Return when all routes of now are known to the others: nothing is missed after this."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._work.set()
        await waiter

    async def _out(self) -> None:
        # A route without a listener would be removed by the first push along it.
        await self._subscribed.wait()
        while not _is_cancelled():
            await self._work.wait()
            self._work.clear()
            try:
                await self._announce()
                await self._tell_of_drops()
                await self._publish()
            except Exception as error:  # noqa: BLE001  nothing may end this task
                self._is_away("bus cannot send", error)
                await asyncio.sleep(RETRY_S)
                self._work.set()

    async def _announce(self) -> None:
        """SADD or SREM what changed, then release those who wait for it."""
        changes, self._changes = self._changes, {}
        waiters, self._waiters = self._waiters, []
        if changes:
            try:
                await self._write_routes(changes)
            except (RedisError, OSError):
                self._changes = changes | self._changes
                self._waiters = waiters + self._waiters
                self._was_late = True
                raise
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        if self._was_late:
            self._was_late = False
            self._resync()

    async def _write_routes(self, changes: dict[str, bool]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for route_key, is_held in changes.items():
            name = route_name(route_key)
            if is_held:
                pipeline.sadd(name, self.node)
                pipeline.expire(name, ROUTE_TTL_S)
            else:
                pipeline.srem(name, self.node)
        await pipeline.execute()

    async def _tell_of_drops(self) -> None:
        """Pushes were given up for good: everybody everywhere reads again."""
        if self._has_dropped:
            await self._redis.publish(ALL_NODES, b"resync")
            self._has_dropped = False

    async def _publish(self) -> None:
        while self._pushes:
            pushes, self._pushes = self._pushes[:MOST_AT_ONCE], self._pushes[MOST_AT_ONCE:]
            try:
                await self._script(args=script_args(self.node, pushes))
            except (RedisError, OSError):
                self._pushes = pushes + self._pushes
                raise
            self._chars = max(0, self._chars - sum(len(push.text) for push in pushes))

    async def _in(self) -> None:
        is_return = False
        while not _is_cancelled():
            try:
                async with self._redis.pubsub() as subscription:
                    await self._join(subscription, is_return=is_return)
                    is_return = True
                    await self._listen(subscription)
            except Exception as error:  # noqa: BLE001  nothing may end this task
                COUNTS["bus_gap"] += 1
                self._is_away("bus subscription lost", error)
                await asyncio.sleep(RETRY_S)

    async def _join(self, subscription: PubSub, *, is_return: bool) -> None:
        """Subscribe, and only then announce the routes; after a gap everybody reads again."""
        channels = (node_channel(self.node), ALL_NODES)
        await subscription.subscribe(*channels)
        for _ in channels:
            if not await subscription.get_message(timeout=SILENCE_S):
                raise _GapError("no answer to SUBSCRIBE")
        await self._redis.set(alive_name(self.node), 1, ex=ALIVE_TTL_S)
        self._subscribed.set()
        self._told_away = False
        if is_return:
            log.info("bus is back")
            self._announce_all()
            await self.registered()
            self._resync()

    def _is_away(self, what: str, error: Exception) -> None:
        """One line for each outage, not one for each try."""
        if not self._told_away:
            log.warning(what, extra={"reason": repr(error)})
        self._told_away = True

    def _announce_all(self) -> None:
        self._changes |= dict.fromkeys(self._held_keys(), True)
        self._work.set()

    async def _listen(self, subscription: PubSub) -> None:
        clock = asyncio.get_running_loop().time
        heard_at = clock()
        check_at, renew_at = heard_at + CHECK_S, heard_at + RENEW_S
        while not _is_cancelled():
            message = await _next_message(subscription)
            now = clock()
            if message is not None:
                heard_at = now
                if message["type"] == "message":
                    self._receive(message)
            elif now - heard_at >= 2 * SILENCE_S:
                raise _GapError("no answer to PING")
            elif now - heard_at >= SILENCE_S:
                await subscription.ping()
            if now >= check_at:
                await self._check_alive()
                check_at = clock() + CHECK_S
            if now >= renew_at:
                self._announce_all()
                renew_at = clock() + RENEW_S

    async def _check_alive(self) -> None:
        if not await self._redis.expire(alive_name(self.node), ALIVE_TTL_S):
            raise _GapError("our keys are gone from Redis")

    def _receive(self, message: dict[str, Any]) -> None:
        if message["channel"] == ALL_NODES.encode():
            self._resync()
            return
        for kind, text, *keys in msgpack.unpackb(message["data"], raw=False):
            self._deliver(Push(tuple(keys), cast("Kind", kind), text))


def _is_cancelled() -> bool:
    """Whether this task was told to end; inside a command the exception itself may get lost."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _next_message(subscription: PubSub) -> dict[str, Any] | None:
    # redis-py connects again on its own, which would hide a gap.
    if subscription.connection is None or not subscription.connection.is_connected:
        raise _GapError("disconnected")
    read: Coroutine[Any, Any, dict[str, Any] | None] = subscription.get_message(timeout=CHECK_S)
    return await read
