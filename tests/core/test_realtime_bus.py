"""Hubs of several processes, joined by the Bus: who gets what, also around interruptions."""

import asyncio
import contextlib

import pytest

from core.realtime import bus as bus_module
from core.realtime import hub as hub_module
from core.realtime.hub import Hub
from core.realtime.routes import Push, route_name, topic_key, user_key
from core.redis import async_redis, sync_redis
from tests.core.tcp_proxy import tcp_proxy


class FakeSocket:
    """A socket that remembers."""

    def __init__(self, user_id, session_id=None):
        self.user_id, self.session_id = user_id, session_id
        self.frames, self.codes = [], []

    def write(self, text):
        self.frames.append(text)

    write_ephemeral = write

    def revoke(self, code):
        self.codes.append(code)


@contextlib.asynccontextmanager
async def hubs(count=2, shards=1):
    made = [Hub([async_redis() for _ in range(shards)]) for _ in range(count)]
    for hub in made:
        hub.start()
    try:
        yield made
    finally:
        for hub in made:
            await hub.stop()


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(bus_module, "SILENCE_S", 0.1)
    monkeypatch.setattr(bus_module, "CHECK_S", 0.05)
    monkeypatch.setattr(hub_module, "RESYNC_SPREAD_S", 0.0)


async def until(condition, *, timeout_s=5.0):
    """Wait until something is true."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110  the condition is plain data
            await asyncio.sleep(0.005)


def frame(text, *user_ids):
    return Push(tuple(map(user_key, user_ids)), "frame", text)


def is_resync(text):
    return '"resync"' in text


async def ready(*all_hubs):
    await asyncio.wait_for(asyncio.gather(*(hub.registered() for hub in all_hubs)), 5)


async def test_a_push_reaches_the_sockets_here_at_once_and_those_of_other_processes_once():
    async with hubs() as (one, two):
        here, there, stranger = FakeSocket(1), FakeSocket(2), FakeSocket(3)
        one.add(here)
        two.add(there)
        two.add(stranger)
        await ready(one, two)
        for number in range(5):
            one.push(frame(str(number), 1, 2))
        assert here.frames == ["0", "1", "2", "3", "4"]
        await until(lambda: len(there.frames) == 5)
        assert there.frames == here.frames == ["0", "1", "2", "3", "4"]
        assert stranger.frames == []


async def test_several_sockets_of_one_person_each_get_one_copy():
    async with hubs() as (one, two):
        tabs = [FakeSocket(1), FakeSocket(1), FakeSocket(1)]
        one.add(tabs[0])
        two.add(tabs[1])
        two.add(tabs[2])
        await ready(one, two)
        one.push(frame("hello", 1))
        await until(lambda: all(tab.frames for tab in tabs))
        assert [tab.frames for tab in tabs] == [["hello"]] * 3


async def test_a_topic_reaches_its_watchers_only():
    async with hubs() as (one, two):
        watcher, other = FakeSocket(1), FakeSocket(2)
        two.add(watcher)
        two.add(other)
        two.join(watcher, topic_key("post:7"))
        await ready(one, two)
        push = Push((topic_key("post:7"),), "frame", "counts")
        one.push(push)
        await until(lambda: watcher.frames == ["counts"])
        two.leave(watcher, topic_key("post:7"))
        await ready(two)
        one.push(push)
        await asyncio.sleep(0.05)
        assert (watcher.frames, other.frames) == (["counts"], [])


async def test_an_order_to_close_reaches_the_session_that_it_names():
    async with hubs() as (one, two):
        first, second, third = FakeSocket(1, 10), FakeSocket(1, 11), FakeSocket(2, 12)
        for hub, socket in ((one, first), (two, second), (two, third)):
            hub.add(socket)
        await ready(one, two)
        one.push(Push((user_key(1),), "close", '{"session_id": 11, "code": 4401}'))
        await until(lambda: second.codes == [4401])
        assert (first.codes, third.codes) == ([], [])
        one.push(Push((user_key(1),), "close", '{"session_id": null, "code": 4403}'))
        await until(lambda: second.codes == [4401, 4403])
        assert (first.codes, third.codes) == ([4403], [])


async def test_a_route_is_there_while_somebody_listens():
    async with hubs(1) as (hub,):
        tabs = [FakeSocket(1), FakeSocket(1)]
        for tab in tabs:
            hub.add(tab)
        await ready(hub)
        assert sync_redis().scard(route_name(user_key(1))) == 1
        hub.remove(tabs[0])
        await ready(hub)
        assert sync_redis().scard(route_name(user_key(1))) == 1
        hub.remove(tabs[1])
        await ready(hub)
        assert sync_redis().scard(route_name(user_key(1))) == 0


async def test_routes_of_a_killed_process_vanish_with_the_next_push():
    async with hubs(1) as (hub,):
        sync_redis().sadd(route_name(user_key(2)), "killed")
        hub.push(frame("hello", 2))
        await until(lambda: sync_redis().scard(route_name(user_key(2))) == 0)


async def test_stopping_withdraws_the_routes():
    async with hubs(1) as (hub,):
        hub.add(FakeSocket(1))
        await ready(hub)
    assert sync_redis().keys(route_name("*")) == []


async def test_after_a_lost_subscription_everybody_is_told_to_read_and_pushes_arrive_again():
    async with hubs() as (one, two):
        socket = FakeSocket(2)
        two.add(socket)
        await ready(one, two)
        kill_subscriptions()
        await until(lambda: any(map(is_resync, socket.frames)))
        one.push(frame("after", 2))
        await until(lambda: "after" in socket.frames)


def kill_subscriptions():
    """End the connections of this test's Redis database that listen to two channels."""
    client = sync_redis()
    database = str(client.connection_pool.connection_kwargs.get("db", 0))
    for info in client.client_list():
        if info["sub"] == "2" and info["db"] == database:
            client.execute_command("CLIENT", "KILL", "ID", info["id"])


async def test_a_flushed_redis_is_noticed_and_the_routes_are_announced_anew():
    async with hubs() as (one, two):
        socket = FakeSocket(2)
        two.add(socket)
        await ready(one, two)
        sync_redis().flushdb()
        await until(lambda: any(map(is_resync, socket.frames)))
        one.push(frame("after", 2))
        await until(lambda: "after" in socket.frames)


async def test_while_redis_is_away_local_sockets_are_served_and_the_rest_follows_in_order(settings):
    with tcp_proxy(settings.REDIS_URLS[0]) as proxy:
        settings.REDIS_URLS = [proxy.url]
        async with hubs() as (one, two):
            here, there = FakeSocket(1), FakeSocket(2)
            one.add(here)
            two.add(there)
            await ready(one, two)
            await asyncio.to_thread(proxy.cut)
            for number in range(3):
                one.push(frame(str(number), 1, 2))
            assert here.frames == ["0", "1", "2"]
            await asyncio.sleep(0.2)
            assert there.frames == []
            await asyncio.to_thread(proxy.mend)
            await until(lambda: any(map(is_resync, there.frames)))
            one.push(frame("after", 1, 2))
            await until(lambda: "after" in there.frames)
            # What waited came too, or the client reads it because of the resync.
            numbers = [text for text in there.frames if text.isdigit()]
            assert numbers in (["0", "1", "2"], [])


async def test_a_socket_that_opens_while_redis_is_away_is_told_to_read_when_it_is_back(settings):
    with tcp_proxy(settings.REDIS_URLS[0]) as proxy:
        settings.REDIS_URLS = [proxy.url]
        async with hubs(1) as (hub,):
            await ready(hub)
            await asyncio.to_thread(proxy.cut)
            socket = FakeSocket(1)
            hub.add(socket)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(hub.registered(), 0.2)
            await asyncio.to_thread(proxy.mend)
            await until(lambda: any(map(is_resync, socket.frames)))


async def test_more_than_the_bus_can_keep_is_given_up_and_everybody_reads(settings, monkeypatch):
    monkeypatch.setattr(bus_module, "MOST_WAITING", 10)
    with tcp_proxy(settings.REDIS_URLS[0]) as proxy:
        settings.REDIS_URLS = [proxy.url]
        async with hubs() as (one, two):
            there = FakeSocket(2)
            two.add(there)
            await ready(one, two)
            await asyncio.to_thread(proxy.cut)
            for number in range(25):
                one.push(frame(str(number), 2))
            await asyncio.to_thread(proxy.mend)
            await until(lambda: any(map(is_resync, there.frames)))


async def test_keys_are_spread_over_several_servers_and_every_push_arrives():
    async with hubs(2, shards=3) as (one, two):
        sockets = [FakeSocket(user_id) for user_id in range(1, 21)]
        for socket in sockets:
            two.add(socket)
        await ready(one, two)
        one.push(frame("hello", *range(1, 21)))
        await until(lambda: all(socket.frames for socket in sockets))
        assert {tuple(socket.frames) for socket in sockets} == {("hello",)}
