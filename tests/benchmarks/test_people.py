"""The crowd sees what it claims to see: each broken promise of a site is found by name."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest
from websockets.asyncio.server import ServerConnection, serve

from benchmarks.people import gateway as gateway_module
from benchmarks.people.api import Api, RequestFailedError
from benchmarks.people.chat import Chat
from benchmarks.people.gateway import Gateway
from benchmarks.people.report import Figures, Report
from benchmarks.people.tally import Tally
from benchmarks.people.target import Target

TARGET = Target(url="http://127.0.0.1:1")


def message(seq: int, *, id_: str = "", client_id: str = "") -> dict[str, Any]:
    """A message as the gateway pushes it."""
    return {
        "id": id_ or f"m{seq}",
        "client_id": client_id or f"c{seq}",
        "seq": seq,
        "rev": seq,
        "sender": {"username": "somebody"},
    }


@pytest.fixture
def tally() -> Tally:
    """A run's counts."""
    return Tally()


@pytest.fixture
def chat(tally: Tally) -> Chat:
    """A conversation that had two messages before."""
    return Chat("me", Api(TARGET, tally), tally, {"id": "7", "last_seq": 2, "rev": 2})


def test_messages_in_order_break_nothing(chat: Chat, tally: Tally):
    for seq in (3, 4, 5):
        chat.take(message(seq))
    assert (chat.top, list(chat.rows), tally.broken) == (5, [3, 4, 5], [])


def test_a_message_that_is_pushed_twice_is_counted_and_dropped(chat: Chat, tally: Tally):
    chat.take(message(3))
    chat.take(message(3))
    assert (tally.repushed, list(chat.rows), tally.broken) == (1, [3], [])


def test_two_messages_under_one_number_are_found(chat: Chat, tally: Tally):
    chat.take(message(3))
    chat.take(message(3, id_="other"))
    assert tally.broken == ["me, conversation 7: seq 3 is message m3 and message other"]


def test_an_acknowledged_message_that_never_came_is_found(chat: Chat, tally: Tally):
    sent = tally.sends("mine", "7")
    sent.seq = 4
    chat.take(message(3))
    chat.check_acknowledged(sent)
    assert tally.broken == ["me, conversation 7: mine was acknowledged as 4, came as []"]


def test_an_acknowledged_message_that_stands_twice_is_found(chat: Chat, tally: Tally):
    sent = tally.sends("mine", "7")
    sent.seq = 3
    chat.take(message(3, client_id="mine"))
    chat.take(message(4, client_id="mine"))
    chat.check_acknowledged(sent)
    assert tally.broken == ["me, conversation 7: mine was acknowledged as 3, came as [3, 4]"]


async def test_a_hole_is_asked_for_and_what_cannot_be_asked_is_a_failure(chat: Chat, tally: Tally):
    chat.take(message(4))
    await asyncio.sleep(0.3)
    assert chat.top == 2
    assert [failure.what for failure in tally.failures] == ["GET conversations/{id}/changes"]


async def test_a_request_that_nobody_answers_is_a_failure_with_its_reason(tally: Tally):
    with pytest.raises(RequestFailedError):
        await Api(TARGET, tally).get("feed/home")
    assert tally.failures[0].what == "GET feed/home"
    assert tally.failures[0].reason.startswith("ConnectionRefusedError")


class Nobody:
    """Has a ticket for every socket, and keeps what is pushed."""

    target = TARGET

    def __init__(self) -> None:
        self.pushes: list[str] = []
        self.resumptions = 0

    async def post(self, route: str) -> dict[str, str]:
        assert route == "auth/ws-ticket"
        return {"ticket": "t"}

    async def fresh_access(self) -> None:
        pass

    def pushed(self, type_: str, data: dict[str, Any]) -> None:
        self.pushes.append(type_)

    async def resumed(self, changed: list[dict[str, Any]]) -> None:
        self.resumptions += 1


@contextlib.asynccontextmanager
async def connected(
    tally: Tally, ends: Callable[[ServerConnection], Any]
) -> AsyncIterator[tuple[Nobody, Gateway]]:
    """A client at a server whose first socket ends as the test wants; all others stay."""
    sockets = 0

    async def handle(socket: ServerConnection) -> None:
        nonlocal sockets
        sockets += 1
        is_first = sockets == 1
        async for text in socket:
            frame = orjson.loads(text)
            state = {"inbox_version": 1, "heartbeat_s": 25, "changed": []}
            await socket.send(orjson.dumps({"t": "ack", "re": frame["id"], "d": state}).decode())
            if is_first:
                await ends(socket)

    async with serve(handle, "127.0.0.1", 0, subprotocols=["jyoti.v1"]) as server:
        somebody = Nobody()
        port = next(iter(server.sockets)).getsockname()[1]
        somebody.target = Target(url=f"http://127.0.0.1:{port}")
        client = Gateway(somebody, somebody, tally, random.Random(1))
        try:
            yield somebody, client
        finally:
            await client.stop()


async def wait_for(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  what is waited for tells nobody
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(gateway_module, "JITTER_S", 0.1)


async def test_an_announced_restart_is_told_apart_from_one_that_is_not(tally: Tally):
    async def announced(socket: ServerConnection) -> None:
        told = {"t": "server.restarting", "d": {"retry_within_s": 0.1}}
        await socket.send(orjson.dumps(told).decode())
        await socket.close(1012)

    async with connected(tally, announced) as (somebody, _):
        await wait_for(lambda: len(tally.back_s) == 1)
        assert (tally.closes, tally.restarting, tally.unannounced) == ({"1012": 1}, 1, 0)
        assert somebody.resumptions == 1


async def test_a_restart_without_a_word_before_is_counted(tally: Tally):
    async with connected(tally, lambda socket: socket.close(1012)):
        await wait_for(lambda: len(tally.back_s) == 1)
        assert (tally.closes, tally.restarting, tally.unannounced) == ({"1012": 1}, 0, 1)


async def test_a_connection_that_just_ends_is_counted_as_that(tally: Tally):
    async def cut(socket: ServerConnection) -> None:
        socket.transport.abort()

    async with connected(tally, cut):
        await wait_for(lambda: len(tally.back_s) == 1)
        assert tally.closes == {"1006": 1}


def test_a_report_is_the_same_after_its_way_through_a_file(tally: Tally):
    tally.is_measuring = True
    tally.took("GET feed/home", 0.0)
    tally.failed("GET me/badges", "503", 0.0)
    report = tally.report(seed=1, people=2, active=1, seconds=3.0)
    assert Report.of_json(orjson.loads(orjson.dumps(report.as_json()))) == report


def test_files_of_the_front_are_no_calls_of_the_api(tally: Tally):
    tally.is_measuring = True
    tally.took("GET picture", 0.0)
    report = tally.report(seed=1, people=2, active=1, seconds=3.0)
    assert (report.api.count, report.routes["GET picture"].count) == (0, 1)


def test_figures_of_a_few_samples():
    assert Figures.of([]) == Figures(0, 0.0, 0.0, 0.0, 0.0)
    assert Figures.of([5.0]) == Figures(1, 5.0, 5.0, 5.0, 5.0)
    assert Figures.of([float(n) for n in range(101)]) == Figures(101, 50.0, 95.0, 99.0, 100.0)
