"""A new process on the same listening socket: nobody is refused, cut off or forgotten."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from http.client import HTTPConnection

import orjson
import pytest
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from messaging.models import Message
from tests.messaging.conftest import message
from tests.messaging.servers import server_environ

DRAIN_S = 1
# All processes are told within it that the server restarts, and are back (the promise is 15 s).
BACK_WITHIN_S = 15


class Service:
    """A unit behind its socket: the listener stays open, whatever the process does."""

    def __init__(self, module: str, **environ: str) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port = self.listener.getsockname()[1]
        descriptor = str(self.listener.fileno())
        self._command = [sys.executable, "-m", module, "--fd", descriptor, "--drain", str(DRAIN_S)]
        self._environ = server_environ() | environ

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._command, env=self._environ, pass_fds=[self.listener.fileno()]
        )

    def restart(self) -> int:
        """As `systemctl restart` does; the status that the old process ended with."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=DRAIN_S + 15)
        self.start()
        return status

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.listener.close()

    def get(self, path: str) -> int:
        client = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            client.request("GET", path)
            return client.getresponse().status
        finally:
            client.close()

    async def open(self, ticket: str):
        """A socket; who comes while nobody listens waits in the backlog, as browsers do."""
        return await open_websocket(
            f"ws://127.0.0.1:{self.port}/ws/v1?ticket={ticket}",
            subprotocols=["jyoti.v1"],
            origin=settings.SITE_URL,
            compression=None,
            open_timeout=10,
        )


@pytest.fixture(params=["config.sockets", "config.oneport"])
def service(request, transactional_db):
    """The gateway alone, and everything on one port: they end alike."""
    made = Service(request.param)
    made.start()
    yield made
    made.end()


class Tab:
    """A browser's tab: comes back after a restart, sends again what was not acknowledged."""

    def __init__(self, service, person, chat, unsent):
        self.service, self.person, self.chat = service, person, chat
        self.unsent = {str(uuid.uuid4()): body for body in unsent}
        self.acked: dict[str, int] = {}
        self.closes: list[tuple[int, float]] = []
        self.notices, self.opened = [], []

    async def run(self):
        while True:
            ticket = await asyncio.to_thread(self._ticket)
            async with await self.service.open(ticket) as wire:
                self.opened.append(time.monotonic())
                with suppress(ConnectionClosed):
                    await asyncio.gather(self._send(wire), self._listen(wire))
            self.closes.append((wire.close_code, time.monotonic()))

    def _ticket(self):
        try:
            return self.person.ticket()
        finally:
            connection.close()

    async def _send(self, wire):
        for client_id, body in list(self.unsent.items()):
            data = message(self.chat, body, client_id=client_id)
            frame = {"t": "message.send", "id": client_id, "d": data}
            await wire.send(orjson.dumps(frame).decode())
            await asyncio.sleep(0.02)

    async def _listen(self, wire):
        async for text in wire:
            frame = orjson.loads(text)
            if frame["t"] == "ack":
                self.acked[frame["re"]] = frame["d"]["message"]["seq"]
                del self.unsent[frame["re"]]
            elif frame["t"] == "server.restarting":
                self.notices.append(frame["d"])


def stored(chat):
    try:
        return {
            str(client_id): seq
            for client_id, seq in Message.objects.filter(conversation=chat).values_list(
                "client_id", "seq"
            )
        }
    finally:
        connection.close()


async def until(condition, within_s):
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_restart_tells_everybody_loses_nothing_and_has_them_back_in_time(
    service, ann, bob, chat
):
    sender = Tab(service, ann, chat, [str(number) for number in range(400)])
    tabs = [sender, *(Tab(service, bob, chat, []) for _ in range(8))]
    running = [asyncio.create_task(tab.run()) for tab in tabs]
    await until(lambda: all(tab.opened for tab in tabs) and len(sender.acked) > 20, 40)
    began = time.monotonic()
    status = await asyncio.to_thread(service.restart)
    await until(lambda: all(len(tab.opened) == 2 for tab in tabs) and not sender.unsent, 40)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert status == -signal.SIGTERM
    for tab in tabs:
        ((code, closed_at),) = tab.closes[:1]
        assert (code, tab.notices) == (1012, [{"retry_within_s": 5}])
        assert closed_at - began < DRAIN_S + 1
        assert tab.opened[1] - began < BACK_WITHIN_S
    rows = await asyncio.to_thread(stored, chat)
    assert sender.acked == rows
    assert sorted(rows.values()) == list(range(1, 401))


async def test_who_connects_while_the_old_process_ends_waits_for_the_new_one(service, ann):
    await asyncio.to_thread(service.get, "/healthz")
    ticket = await asyncio.to_thread(Tab(service, ann, 0, [])._ticket)
    service.process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(service.process.wait, 15)
    waiting = asyncio.create_task(service.open(ticket))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    service.start()
    wire = await waiting
    await wire.close()


async def test_a_host_that_drains_refuses_the_handshake_with_503_until_the_file_goes(
    transactional_db, ann, tmp_path
):
    service = Service("config.sockets", JYOTI_DRAIN_FILE=str(tmp_path / "draining"))
    service.start()
    try:
        (tmp_path / "draining").touch()
        assert await asyncio.to_thread(service.get, "/readyz") == 503
        ticket = await asyncio.to_thread(Tab(service, ann, 0, [])._ticket)
        with pytest.raises(InvalidStatus) as refused:
            await service.open(ticket)
        assert refused.value.response.status_code == 503
        (tmp_path / "draining").unlink()
        assert await asyncio.to_thread(service.get, "/readyz") == 200
        await (await service.open(ticket)).close()
    finally:
        service.end()


def test_the_gateway_alone_answers_health_checks_and_nothing_else(transactional_db):
    service = Service("config.sockets")
    service.start()
    try:
        answers = {
            path: service.get(path)
            for path in ("/healthz", "/readyz", "/healthz/deep", "/", "/api/v1/instance", "/admin/")
        }
    finally:
        service.end()
    assert answers == {
        "/healthz": 200,
        "/readyz": 200,
        "/healthz/deep": 200,
        "/": 404,
        "/api/v1/instance": 404,
        "/admin/": 404,
    }
