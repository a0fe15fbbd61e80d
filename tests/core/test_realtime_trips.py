"""Scripts for Redis: few round trips, each call its own answer, and no waiting while it is away."""

import asyncio
import time

from core.realtime import trips as trips_module
from core.realtime.trips import Lua, Trips
from core.redis import async_redis, key, sync_redis
from tests.core.tcp_proxy import tcp_proxy

ECHO = Lua("return ARGV[1]")
BROKEN = Lua("return redis.call('NOSUCH')")


async def test_calls_of_one_turn_go_together_and_each_gets_its_answer(monkeypatch):
    trips, sent = Trips(async_redis()), []
    real = Trips._send
    monkeypatch.setattr(
        Trips, "_send", lambda self, batch: sent.append(len(batch)) or real(self, batch)
    )
    answers = await asyncio.gather(*(trips.call(ECHO, [], [number]) for number in range(50)))
    assert answers == [str(number).encode() for number in range(50)]
    assert sent == [50]
    await trips.stop()


async def test_a_script_that_the_server_forgot_is_sent_again():
    trips = Trips(async_redis())
    assert await trips.call(ECHO, [], ["a"]) == b"a"
    sync_redis().script_flush()
    assert await trips.call(ECHO, [], ["b"]) == b"b"
    await trips.stop()


async def test_a_script_that_fails_has_no_answer_and_its_neighbours_have_theirs(caplog):
    trips = Trips(async_redis())
    answers = await asyncio.gather(
        trips.call(BROKEN, [], []), trips.call(ECHO, [key("x")], ["fine"])
    )
    assert answers == [None, b"fine"]
    assert "script failed" in caplog.text
    await trips.stop()


async def test_while_redis_is_away_nobody_waits_and_afterwards_it_goes_on(settings, monkeypatch):
    monkeypatch.setattr(trips_module, "PAUSE_S", 0.1)
    with tcp_proxy(settings.REDIS_URLS[0]) as proxy:
        settings.REDIS_URLS = [proxy.url]
        trips = Trips(async_redis())
        assert await trips.call(ECHO, [], ["a"]) == b"a"
        await asyncio.to_thread(proxy.cut)
        began = time.monotonic()
        assert [await trips.call(ECHO, [], ["b"]) for _ in range(20)] == [None] * 20
        assert time.monotonic() - began < 0.2
        await asyncio.to_thread(proxy.mend)
        await asyncio.sleep(0.15)
        assert await trips.call(ECHO, [], ["c"]) == b"c"
        await trips.stop()


async def test_a_redis_that_hangs_is_given_up_soon(settings, monkeypatch):
    monkeypatch.setattr(trips_module, "TIMEOUT_S", 0.05)
    held: list[asyncio.StreamWriter] = []
    hung = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    port = hung.sockets[0].getsockname()[1]
    settings.REDIS_URLS = [f"redis://127.0.0.1:{port}/0"]
    trips = Trips(async_redis())
    began = time.monotonic()
    assert await asyncio.gather(*(trips.call(ECHO, [], ["a"]) for _ in range(9))) == [None] * 9
    assert time.monotonic() - began < 0.5
    await trips.stop()
    hung.close()
    for writer in held:
        writer.close()
        await writer.wait_closed()
