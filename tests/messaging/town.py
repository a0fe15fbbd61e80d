"""Two gateways behind a balancer, a Redis of their own, and people who chat while parts fail."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import psycopg
from django.db import connection

from core.embedded.binaries import find_valkey
from core.embedded.catalogue import services_of
from core.embedded.services import _BASE
from messaging.management.chat import Api, ChatClient
from messaging.services.batcher import conninfo
from tests.messaging.servers import server_environ

DRAIN_S = 1


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def answering(port: int) -> None:
    """Return when somebody listens there."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.01)


class Redis:
    """A Valkey that is restarted, killed, hung and flushed; it keeps nothing, as in production."""

    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    def start(self) -> None:
        options = {"port": str(self.port), "save": "", "appendonly": "no", "dir": "/tmp"}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [str(find_valkey()), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def end(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait()

    async def restart(self) -> None:
        await self._again(signal.SIGTERM)

    async def kill(self) -> None:
        await self._again(signal.SIGKILL)

    async def _again(self, number: int) -> None:
        self.end(number)
        await asyncio.sleep(0.3)
        self.start()
        await answering(self.port)

    async def hang(self, for_s: float) -> None:
        self.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(for_s)
        self.process.send_signal(signal.SIGCONT)

    async def flush(self) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"FLUSHALL\r\n")
        await writer.drain()
        writer.close()


class Gateway:
    """One process with sockets and HTTP, as `make run` and the container image have it."""

    def __init__(self, redis: Redis) -> None:
        self.port = 0
        #: Whether the balancer gives it connections.
        self.is_ready = False
        self._environ = server_environ("http") | {
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            "LOG_LEVEL": "ERROR",
        }
        self.start()

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self.port = listener.getsockname()[1]
        words = ["--fd", str(listener.fileno()), "--drain", str(DRAIN_S), "--grace", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.oneport", *words],
            env=self._environ,
            pass_fds=[listener.fileno()],
        )
        listener.close()

    def end(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait(20)

    async def again(self, number: int) -> None:
        """End it so, and start another on the same port; return when that one serves."""
        self.is_ready = False
        await asyncio.to_thread(self.end, number)
        self.start()
        await self.ready()

    async def ready(self) -> None:
        """Wait for it as a balancer does, by asking."""
        while not self.is_ready:
            assert self.process.poll() is None, "a gateway did not start"
            self.is_ready = await asyncio.to_thread(self._says_ready)
            await asyncio.sleep(0.05)

    def _says_ready(self) -> bool:
        with contextlib.suppress(OSError, HTTPException):
            wire = HTTPConnection("127.0.0.1", self.port, timeout=20)
            with contextlib.closing(wire):
                wire.request("GET", "/readyz")
                return wire.getresponse().status == HTTPStatus.OK
        return False


class Balancer:
    """Gives each connection to a gateway that is ready and takes it, by chance."""

    def __init__(self, gateways: list[Gateway], dice: random.Random) -> None:
        self._gateways, self._dice = gateways, dice
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._relays: set[asyncio.Task[None]] = set()

    async def start(self) -> "Balancer":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def stop(self) -> None:
        self._server.close()
        self.abort(1.0)
        await asyncio.sleep(0.05)
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)
        await asyncio.sleep(0)

    def abort(self, part: float) -> None:
        """Cut this part of all connections without a word."""
        for pair in list(self._pairs):
            if self._dice.random() < part:
                for writer in pair:
                    writer.transport.abort()

    def _accept(self, reader, writer) -> None:
        relay = asyncio.create_task(self._relay(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)
        # However it ends, also before it began.
        relay.add_done_callback(
            lambda done: writer.transport.abort() if done.cancelled() else writer.close()
        )

    async def _relay(self, reader, writer) -> None:
        far = await self._connect()
        if far is None:
            return
        far_reader, far_writer = far
        pair = (writer, far_writer)
        self._pairs.add(pair)
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._pairs.discard(pair)
            far_writer.close()

    async def _connect(self):
        ready = [gateway for gateway in self._gateways if gateway.is_ready]
        for gateway in self._dice.sample(ready, len(ready)):
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", gateway.port)
        return None


async def _pump(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


async def database_restart() -> None:
    """Restart the PostgreSQL of this checkout; of another one, end every connection."""
    state = services_of("test", _BASE)["postgres"].folder.read_state()
    if os.environ.get("DATABASE_URL") or state is None or state.child is None:
        await database_cut()
    else:
        os.kill(state.child.pid, signal.SIGINT)


async def database_cut() -> None:
    """End every connection to the database of the test but this one."""
    async with await psycopg.AsyncConnection.connect(
        conninfo(connection.settings_dict), autocommit=True
    ) as one:
        await one.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


class Citizen:
    """One person's client, and what it was shown."""

    def __init__(self, url: str, person, access: str) -> None:
        self.id = str(person.id)
        self.shown: dict[str, list[int]] = {}
        self.numbers: dict[str, int] = {}
        me = {"id": self.id, "username": person.user.username}
        self.client = ChatClient(Api(url, access=access), me, event=self._event)
        self.task = asyncio.create_task(self.client.run())

    def _event(self, name: str, data) -> None:
        if name == "message":
            message = data["message"]
            self.shown.setdefault(message["conversation_id"], []).append(message["seq"])

    @property
    def deliveries(self) -> int:
        """Messages of others that were shown."""
        return sum(
            (message["sender"] or {}).get("id") != self.id
            for thread in self.client.threads.values()
            for message in thread.messages.values()
        )

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.client.api.close()


class Town:
    """All of it. `chats` maps a conversation to the places of its members among the people."""

    def __init__(self, citizens: list[Citizen], chats: dict[str, list[int]], dice) -> None:
        self.citizens, self.chats, self.dice = citizens, chats, dice
        self.begun = 0
        self.acked: dict[str, tuple[str, int, str]] = {}
        #: How many messages were on their way when a part failed, or set out until it was back.
        self.hits: dict[str, int] = {}
        self._is_over = False

    async def talk(self, place: int, pause_s: float) -> None:
        """Send numbered messages to one's conversations, and read now and then, until it is over."""
        citizen = self.citizens[place]
        mine = [id_ for id_, members in self.chats.items() if place in members]
        while not self._is_over:
            id_ = self.dice.choice(mine)
            number = citizen.numbers[id_] = citizen.numbers.get(id_, 0) + 1
            self.begun += 1
            message = await citizen.client.send(id_, f"{citizen.id}/{number}")
            self.acked[message["client_id"]] = (id_, message["seq"], message["body"])
            if self.dice.random() < 0.1:
                with contextlib.suppress(Exception):
                    await citizen.client.mark_read(id_, citizen.client.threads[id_].last_seq)
            await asyncio.sleep(self.dice.uniform(0, 2 * pause_s))

    async def suffer(self, name: str, fault: Callable[[], Awaitable[None]]) -> None:
        """Let one part fail while people talk, and wait until talk goes on."""
        async with asyncio.timeout(60):
            while self.begun == len(self.acked):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            acked = len(self.acked)
            await fault()
            self.hits[name] = self.begun - acked
            while len(self.acked) < acked + len(self.citizens):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def quiet(self, talking: list[asyncio.Task]) -> None:
        """Everybody finishes what they say; all are connected again."""
        self._is_over = True
        async with asyncio.timeout(60):
            await asyncio.gather(*talking)
            for citizen in self.citizens:
                await citizen.client.link.live.wait()

    def differences(self) -> list[str]:
        """Where somebody does not have all messages of a conversation yet."""
        last = dict.fromkeys(self.chats, 0)
        for id_, seq, _ in self.acked.values():
            last[id_] = max(last[id_], seq)
        return [
            f"{citizen.id} has {len(citizen.shown.get(id_, []))} of {last[id_]} in {id_}"
            for id_, members in self.chats.items()
            for citizen in (self.citizens[place] for place in members)
            if len(citizen.shown.get(id_, [])) < last[id_]
        ]

    async def converge(self, within_s: float) -> float:
        """Seconds until everybody has everything. Raises AssertionError."""
        began = time.monotonic()
        while differences := self.differences():
            assert time.monotonic() - began < within_s, differences
            await asyncio.sleep(0.02)
        return time.monotonic() - began
