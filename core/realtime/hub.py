"""The Hub knows the sockets of this process and writes to them; the Bus takes the rest."""

import asyncio
import random
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Protocol

import orjson
from redis.asyncio import Redis

from core.realtime.bus import Bus
from core.realtime.counts import COUNTS
from core.realtime.envelopes import encode, envelope
from core.realtime.routes import Push, by_shard, topic_key, user_key

RESYNC_SPREAD_S = 2.0


class Socket(Protocol):
    """What the Hub needs of an open socket; neither method waits or raises."""

    user_id: int
    session_id: int | None

    def write(self, text: str) -> None:
        """Queue one frame."""

    def write_ephemeral(self, text: str) -> None:
        """Queue one frame that is dropped first when the peer is slow."""

    def revoke(self, code: int) -> None:
        """Say that the session has ended, and close."""


class Hub:
    """All sockets of one process, by the keys they listen to. Belongs to one event loop."""

    def __init__(self, redises: Iterable[Redis]) -> None:
        self.loop = asyncio.get_running_loop()
        self._sockets: dict[str, list[Socket]] = {}
        self._keys: dict[Socket, set[str]] = {}
        self._buses = [
            Bus(redis, deliver=self.deliver, resync=self.resync, held_keys=self._keys_of(shard))
            for shard, redis in enumerate(redises)
        ]

    def start(self) -> None:
        """Connect to the other processes; local delivery works at once and without it."""
        for bus in self._buses:
            bus.start()

    async def stop(self) -> None:
        """Leave the other processes alone; the sockets stay as they are."""
        await asyncio.gather(*(bus.stop() for bus in self._buses))

    def add(self, socket: Socket) -> None:
        """From now on pushes to the person reach this socket."""
        self.join(socket, user_key(socket.user_id))

    def remove(self, socket: Socket) -> None:
        """Forget the socket and all it listened to."""
        for route_key in self._keys.pop(socket, set()):
            self._drop(socket, route_key)

    def join(self, socket: Socket, route_key: str) -> None:
        """Listen to one more key; twice is the same as once."""
        keys = self._keys.setdefault(socket, set())
        if route_key in keys:
            return
        keys.add(route_key)
        if route_key not in self._sockets:
            self._sockets[route_key] = []
            self._bus_of(route_key).route(route_key, is_held=True)
        self._sockets[route_key].append(socket)

    def leave(self, socket: Socket, route_key: str) -> None:
        """Listen no longer; harmless when it did not."""
        keys = self._keys.get(socket, set())
        if route_key in keys:
            keys.remove(route_key)
            self._drop(socket, route_key)

    def sockets(self) -> list[Socket]:
        """All sockets of this process."""
        return list(self._keys)

    @property
    def count(self) -> int:
        """How many sockets this process has."""
        return len(self._keys)

    def watched(self, prefix: str) -> list[str]:
        """The topics that begin so and that somebody here watches."""
        start = topic_key(prefix)
        return [key.removeprefix(topic_key("")) for key in self._sockets if key.startswith(start)]

    def node_of(self, route_key: str) -> str:
        """By what name others know this process where this key is at home."""
        return self._bus_of(route_key).node

    def sockets_of(self, user_id: int) -> list[Socket]:
        """The person's sockets in this process."""
        return list(self._sockets.get(user_key(user_id), ()))

    async def registered(self) -> None:
        """Return when the other processes know all keys of now."""
        await asyncio.gather(*(bus.registered() for bus in self._buses))

    def push(self, push: Push) -> None:
        """Write to the sockets here at once, and to those of other processes through Redis."""
        self.deliver(push)
        if len(self._buses) == 1:
            self._buses[0].send(push)
            return
        for shard, keys in by_shard(push.keys, len(self._buses)).items():
            self._buses[shard].send(Push(keys, push.kind, push.text))

    def push_soon(self, push: Push) -> None:
        """As `push`, from any thread."""
        self.loop.call_soon_threadsafe(self.push, push)

    def deliver(self, push: Push) -> None:
        """Write to the sockets of this process only."""
        if push.kind == "frame":
            for route_key in push.keys:
                for socket in self._sockets.get(route_key, ()):
                    socket.write(push.text)
        elif push.kind == "ephemeral":
            for socket in self._behind(push.keys):
                socket.write_ephemeral(push.text)
        else:
            self._obey(push)

    def resync(self) -> None:
        """Something may have been missed: tell every client to read, spread over two seconds."""
        COUNTS["resync"] += 1
        frame = encode(envelope("resync", {}))
        for socket in self._keys:
            self.loop.call_later(random.uniform(0, RESYNC_SPREAD_S), socket.write, frame)  # noqa: S311

    def _obey(self, push: Push) -> None:
        """An order for the sockets instead of a frame to them."""
        if push.kind == "leave":
            for socket in self._behind(push.keys):
                self._leave_all(socket, push.text)
            return
        order = orjson.loads(push.text)
        for socket in self._behind(push.keys):
            if order["session_id"] in (None, socket.session_id):
                socket.revoke(order["code"])

    def _leave_all(self, socket: Socket, pattern: str) -> None:
        for route_key in list(self._keys.get(socket, ())):
            if fnmatchcase(route_key, pattern):
                self.leave(socket, route_key)

    def _behind(self, keys: Iterable[str]) -> list[Socket]:
        """A copy: a socket that is shut leaves the lists."""
        return [socket for key in keys for socket in self._sockets.get(key, ())]

    def _drop(self, socket: Socket, route_key: str) -> None:
        sockets = self._sockets[route_key]
        sockets.remove(socket)
        if not sockets:
            del self._sockets[route_key]
            self._bus_of(route_key).route(route_key, is_held=False)

    def _bus_of(self, route_key: str) -> Bus:
        return self._buses[next(iter(by_shard([route_key], len(self._buses))))]

    def _keys_of(self, shard: int) -> Callable[[], Iterable[str]]:
        def held_keys() -> Iterable[str]:
            return by_shard(self._sockets, len(self._buses)).get(shard, ())

        return held_keys
