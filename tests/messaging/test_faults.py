"""Parts that go away in the middle: nothing acknowledged is lost, doubled or out of order."""

import asyncio
import contextlib
import itertools
import socket
import subprocess
import sys
import uuid

import orjson
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from core.redis import sync_redis
from messaging.consumers.running import running_gateway
from messaging.models import Conversation, Message
from messaging.selectors import changes
from messaging.services import conversation_read
from messaging.services.batcher import conninfo
from tests.core.tcp_proxy import tcp_proxy
from tests.messaging.conftest import message, say
from tests.messaging.servers import server_environ

MESSAGES = 300
WINDOW = 8


@pytest.fixture
def redis_proxy(settings):
    """All of this process reaches Redis through a relay that can be cut."""
    with tcp_proxy(settings.REDIS_URLS[0]) as proxy:
        settings.REDIS_URLS = [proxy.url]
        sync_redis.cache_clear()
        yield proxy


async def test_without_redis_messages_are_acknowledged_and_reach_this_process(
    redis_proxy, connect, ann, bob, chat
):
    tab, bobs = await connect(ann), await connect(bob)
    await asyncio.to_thread(redis_proxy.cut)
    for number in range(1, 4):
        assert (await tab.say(chat, str(number)))["message"]["seq"] == number
        assert (await bobs.push("message.created"))["message"]["seq"] == number
    run = running_gateway().in_thread
    assert (await run(lambda: say(ann, chat, "by post"))).message["seq"] == 4
    assert (await bobs.push("message.created"))["message"]["body"] == "by post"
    read = await run(lambda: conversation_read(viewer=bob.viewer, conversation_id=chat, seq=4))
    assert read == 4
    assert (await tab.push("read.updated"))["seq"] == 4
    assert (await bobs.call("ping"))["inbox_version"] == 5
    hello = await bobs.call("hello", inbox_version=0)
    assert hello["changed"] == [{"conversation_id": str(chat), "last_seq": 4, "rev": 4}]
    await asyncio.to_thread(redis_proxy.mend)
    await bobs.push("resync")
    assert (await tab.say(chat, "5"))["message"]["seq"] == 5


async def test_a_database_connection_lost_in_the_middle_loses_no_message(connect, ann, bob, chat):
    tab, bobs = await connect(ann), await connect(bob)
    acks = []
    async with await psycopg.AsyncConnection.connect(
        conninfo(connection.settings_dict), autocommit=True
    ) as killer:
        for _ in range(5):
            ids = [tab.send("message.send", **message(chat, str(n))) for n in range(20)]
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'WITH draft%'"
            )
            acks += [await tab.answer(command_id) for command_id in ids]
    seqs = [frame["d"]["message"]["seq"] for frame in acks if frame["t"] == "ack"]
    assert seqs == sorted(set(seqs))
    got = [(await bobs.push("message.created"))["message"]["seq"] for _ in seqs]
    assert got == list(range(1, len(seqs) + 1))


class Server:
    """A real uvicorn of its own that a test may kill."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port"]
        options = ["--ws", "websockets-sansio", "--log-level", "warning", "--lifespan", "off"]
        self.process = subprocess.Popen([*command, str(self.port), *options], env=server_environ())

    def kill(self):
        self.process.kill()
        self.process.wait()

    async def open(self, person):
        """A socket of the person's, as soon as the server takes it."""
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(OSError, InvalidHandshake):
                    return await open_websocket(
                        f"ws://127.0.0.1:{self.port}/ws/v1?ticket={person.ticket()}",
                        subprotocols=["jyoti.v1"],
                        origin=settings.SITE_URL,
                        compression=None,
                    )
                await asyncio.sleep(0.1)


@pytest.fixture
def servers(transactional_db):
    """Two gateway processes."""
    both = [Server(), Server()]
    for server in both:
        server.start()
    yield both
    for server in both:
        server.kill()


class Sender:
    """Sends numbered messages, WINDOW at a time, and again after a break until each is acked."""

    def __init__(self, server, person, chat):
        self.server, self.person, self.chat = server, person, chat
        self.outbox = {str(uuid.uuid4()): str(number) for number in range(1, MESSAGES + 1)}
        self.acked: dict[str, int] = {}
        self.breaks = 0
        self.goal, self.is_reached = 0, asyncio.Event()

    async def run(self):
        while self.outbox:
            with contextlib.suppress(ConnectionClosed):
                async with await self.server.open(self.person) as wire:
                    await self._talk(wire)
            self.breaks += 1

    async def reached(self, count):
        """Return when so many are acknowledged."""
        self.goal = count
        self.is_reached.clear()
        await self.is_reached.wait()

    async def _talk(self, wire):
        waiting = list(self.outbox.items())
        for client_id, body in waiting[:WINDOW]:
            await self._send(wire, client_id, body)
        following = itertools.islice(waiting, WINDOW, None)
        async for text in wire:
            frame = orjson.loads(text)
            if frame["t"] not in ("ack", "error"):
                continue
            assert frame["t"] == "ack", frame
            self.acked[frame["re"]] = frame["d"]["message"]["seq"]
            del self.outbox[frame["re"]]
            if len(self.acked) >= self.goal:
                self.is_reached.set()
            for client_id, body in itertools.islice(following, 1):
                await self._send(wire, client_id, body)
            if not self.outbox:
                return

    async def _send(self, wire, client_id, body):
        data = message(self.chat, body, client_id=client_id)
        await wire.send(orjson.dumps({"t": "message.send", "id": client_id, "d": data}).decode())


class Receiver:
    """Keeps messages by seq, and reads what it lacks when a number is skipped."""

    def __init__(self, server, person, chat):
        self.server, self.person, self.chat = server, person, chat
        self.bodies: list[str] = []

    async def run(self):
        async with await self.server.open(self.person) as wire:
            async for text in wire:
                frame = orjson.loads(text)
                if frame["t"] == "message.created":
                    await self._take(frame["d"]["message"])

    async def _take(self, found):
        if found["seq"] == len(self.bodies) + 1:
            self.bodies.append(found["body"])
        elif found["seq"] > len(self.bodies):
            await self.catch_up()

    async def catch_up(self):
        def read():
            try:
                return changes(
                    viewer=self.person.viewer,
                    conversation_id=self.chat,
                    after_rev=len(self.bodies),
                    limit=500,
                )
            finally:
                connection.close()

        self.bodies += [found["body"] for found in (await asyncio.to_thread(read))["results"]]


async def test_killing_the_server_in_the_middle_loses_doubles_and_swaps_nothing(
    servers, ann, bob, chat
):
    """The sender's process is killed with messages in flight; the receiver's lives."""
    one, two = servers
    sender, receiver = Sender(one, ann, chat), Receiver(two, bob, chat)
    receiving = asyncio.create_task(receiver.run())
    sending = asyncio.create_task(sender.run())
    async with asyncio.timeout(40):
        await sender.reached(MESSAGES // 10)
    one.process.kill()
    await asyncio.to_thread(one.kill)
    one.start()
    async with asyncio.timeout(40):
        await sending
    await asyncio.sleep(0.2)
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)
    await receiver.catch_up()
    expected = [str(number) for number in range(1, MESSAGES + 1)]
    assert receiver.bodies == expected

    def stored():
        try:
            rows = Message.objects.filter(conversation=chat).order_by("seq")
            return (
                list(rows.values_list("seq", "body", "client_id")),
                Conversation.objects.get(pk=chat).last_seq,
            )
        finally:
            connection.close()

    rows, last_seq = await asyncio.to_thread(stored)
    assert [seq for seq, _, _ in rows] == list(range(1, MESSAGES + 1))
    assert [body for _, body, _ in rows] == expected
    assert {str(client_id): seq for seq, _, client_id in rows} == sender.acked
    assert (last_seq, sender.breaks) == (MESSAGES, 2)
