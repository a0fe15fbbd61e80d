"""Draining: everybody is told, answered first, and closed with 1012; nobody new is let in."""

import asyncio
import time

import psycopg
import pytest
from django.db import connection

from core import health
from messaging.constants import RESTART_SPREAD_S
from messaging.consumers import drain_running_gateway, draining, sweep
from messaging.consumers.running import running_gateway
from messaging.services.batcher import conninfo
from tests.messaging.conftest import RefusedError, message

NOTICE = {"retry_within_s": RESTART_SPREAD_S}


@pytest.fixture
def ending(monkeypatch):
    """`ending()`: what SIGTERM does; undone after the test."""
    monkeypatch.setitem(health._state, "draining", False)
    return health.start_draining


@pytest.fixture
def drain_file(settings, tmp_path, monkeypatch):
    """The file that is watched, many times a second."""
    monkeypatch.setattr(sweep, "EVERY_S", 0.02)
    settings.DRAIN_FILE = str(tmp_path / "draining")
    settings.WEBSOCKET_DRAIN_HOST_S = 0.2
    return tmp_path / "draining"


async def taken(count):
    """Return when so many frames were taken from the only socket and not answered yet."""
    (session,) = running_gateway().hub.sockets()
    async with asyncio.timeout(5):
        while session.unanswered != count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def told(tab):
    """The code that a socket was closed with, and the frames before."""
    code = await tab.closed()
    return code, [(frame["t"], frame["d"]) for frame in tab.pushed]


async def test_every_socket_is_told_when_to_come_back_and_closed_with_1012(
    connect, ann, bob, ending
):
    tabs = [await connect(ann), await connect(ann), await connect(bob)]
    ending()
    await drain_running_gateway(over_s=0.1)
    for tab in tabs:
        assert await told(tab) == (1012, [("server.restarting", NOTICE)])


async def test_sockets_are_closed_spread_over_the_time_there_is(connect, ann, ending, monkeypatch):
    tabs = [await connect(ann) for _ in range(3)]
    parts = iter([0.0, 0.5, 1.0])
    monkeypatch.setattr(draining.random, "uniform", lambda low, high: next(parts) * high)
    ending()
    started = time.monotonic()
    drained = asyncio.create_task(drain_running_gateway(over_s=0.4))
    ended = []
    for tab in tabs:
        assert await tab.closed() == 1012
        ended.append(time.monotonic() - started)
    await drained
    for at, planned in zip(ended, (0.0, 0.2, 0.4), strict=True):
        assert planned <= at < planned + 0.15


async def test_without_sockets_draining_takes_no_time(connect, ann, ending):
    tab = await connect(ann)
    await tab.close()
    ending()
    started = time.monotonic()
    await drain_running_gateway(over_s=30)
    assert time.monotonic() - started < 1


async def test_what_was_sent_before_the_notice_is_acknowledged_before_the_close(
    connect, ann, chat, ending
):
    tab = await connect(ann)
    async with await psycopg.AsyncConnection.connect(conninfo(connection.settings_dict)) as other:
        await other.execute("SELECT 1 FROM messaging_conversation WHERE id = %s FOR UPDATE", [chat])
        ids = [tab.send("message.send", **message(chat, str(n))) for n in range(1, 5)]
        await taken(4)
        ending()
        drained = asyncio.create_task(drain_running_gateway(over_s=0))
        assert (await tab.frame())["t"] == "server.restarting"
        await asyncio.sleep(0.1)
    answers = [await tab.answer(command_id) for command_id in ids]
    assert [frame["d"]["message"]["seq"] for frame in answers] == [1, 2, 3, 4]
    assert await tab.closed() == 1012
    await drained


async def test_what_is_sent_after_the_notice_waits_for_the_next_connection(
    connect, ann, chat, ending
):
    tab = await connect(ann)
    ending()
    drained = asyncio.create_task(drain_running_gateway(over_s=0))
    assert (await tab.frame())["t"] == "server.restarting"
    tab.send("message.send", **message(chat, "late"))
    assert await told(tab) == (1012, [])
    await drained


async def test_a_process_that_ends_lets_nobody_in(connect, ann, bob, ending):
    await connect(ann)
    ending()
    with pytest.raises(RefusedError):
        await connect(bob)


async def test_the_drain_file_sends_away_who_is_there_and_refuses_who_comes(
    connect, ann, bob, drain_file
):
    tabs = [await connect(ann), await connect(bob)]
    drain_file.touch()
    with pytest.raises(RefusedError):
        await connect(ann)
    for tab in tabs:
        assert await told(tab) == (1012, [("server.restarting", NOTICE)])


async def test_when_the_drain_file_goes_who_is_still_there_stays_and_others_come(
    connect, ann, bob, drain_file, settings, monkeypatch
):
    settings.WEBSOCKET_DRAIN_HOST_S = 0.5
    monkeypatch.setattr(draining.random, "uniform", lambda low, high: high)
    tab = await connect(ann)
    drain_file.touch()
    await asyncio.sleep(0.2)
    drain_file.unlink()
    await asyncio.sleep(0.5)
    await tab.call("ping")
    await (await connect(bob)).call("ping")


def test_a_host_that_drains_is_not_ready(client, settings, tmp_path):
    settings.DRAIN_FILE = str(tmp_path / "draining")
    (tmp_path / "draining").touch()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
    assert client.get("/healthz").status_code == 200
