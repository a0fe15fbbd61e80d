"""How many sockets and commands a person has: over all tabs and processes, with Redis and without."""

import asyncio

from django.db import connection

from accounts.models import User
from core.realtime.routes import user_key
from core.realtime.trips import Trips
from core.redis import async_redis, key, sync_redis
from messaging.constants import COMMANDS_BURST
from messaging.consumers.buckets import Buckets
from messaging.consumers.running import running_gateway
from tests.messaging.test_gateway_handshake import refusal

NEVER = "99999999999"


def elsewhere(person, node, count, ends=NEVER):
    """Sockets of the person in another process, as that would have written them."""
    sockets = {f"{node}:{number + 1000}": f"{ends}:away" for number in range(count)}
    sync_redis().hset(key("pr", person.id), mapping=sockets)


def live_node(person):
    """A process that listens: this one."""
    return running_gateway().hub.node_of(user_key(person.id))


async def test_the_eleventh_socket_over_all_processes_is_refused(connect, ann, bob):
    tabs = [await connect(ann) for _ in range(4)]
    elsewhere(ann, live_node(ann), 6)
    assert await refusal(connect, ann) == 4409
    await connect(bob)
    await tabs[0].close()
    await (await connect(ann)).call("ping")
    assert await refusal(connect, ann) == 4409


async def test_sockets_of_a_killed_process_count_no_longer(connect, ann):
    await connect(ann)
    elsewhere(ann, "killed", 10)
    await (await connect(ann)).call("ping")
    assert len(sync_redis().hkeys(key("pr", ann.id))) == 2


async def test_sockets_that_nobody_refreshed_count_no_longer(connect, ann):
    await connect(ann)
    elsewhere(ann, live_node(ann), 10, ends="1")
    await (await connect(ann)).call("ping")


async def test_without_redis_the_cap_is_kept_within_the_process(connect, ann):
    await connect(ann)
    trips = running_gateway().presence._trips[0]
    trips._closed_until = running_gateway().loop.time() + 60
    for _ in range(9):
        await connect(ann)
    assert await refusal(connect, ann) == 4409


async def test_ten_sockets_opened_at_once_pass_and_no_more(connect, ann):
    codes = await asyncio.gather(*(refusal_or_open(connect, ann) for _ in range(14)))
    assert sorted(codes) == [0] * 10 + [4409] * 4


async def refusal_or_open(connect, person):
    try:
        return await asyncio.wait_for(refusal(connect, person), 1.5)
    except TimeoutError:
        return 0


async def test_a_burst_is_counted_over_all_processes(ann, settings):
    settings.RATE_LIMIT_SCALE = 1.0
    trips = [Trips(async_redis()) for _ in range(2)]
    processes = [Buckets(each) for each in trips]
    taken = await asyncio.gather(
        *(processes[number % 2].take(ann.id) for number in range(2 * COMMANDS_BURST))
    )
    # What time it took filled the bucket again a little.
    assert COMMANDS_BURST <= sum(taken) <= COMMANDS_BURST + 3
    await asyncio.sleep(0.35)
    assert sum([await processes[0].take(ann.id) for _ in range(10)]) in (3, 4, 5, 6)
    for each in trips:
        await each.stop()


async def test_whoever_has_plenty_left_is_believed_and_redis_is_told(ann, settings):
    settings.RATE_LIMIT_SCALE = 1.0
    trips = [Trips(async_redis()) for _ in range(2)]
    here, there = (Buckets(each) for each in trips)
    assert not here.take_now(ann.id)
    assert await here.take(ann.id)
    believed = sum(here.take_now(ann.id) for _ in range(2 * COMMANDS_BURST))
    assert believed == COMMANDS_BURST // 2
    async with asyncio.timeout(5):
        while here.of(ann.id).owed:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await there.take(ann.id)
    # What time it took filled the bucket again a little.
    assert 13 <= there.of(ann.id).left <= 16
    assert here.of(ann.id).refused == there.of(ann.id).refused == 0
    for each in trips:
        await each.stop()


async def test_without_redis_each_process_counts_alone(ann, settings, no_redis):
    settings.RATE_LIMIT_SCALE = 1.0
    trips = Trips(async_redis())
    buckets = Buckets(trips)
    taken = [await buckets.take(ann.id) for _ in range(COMMANDS_BURST + 20)]
    assert COMMANDS_BURST <= sum(taken) <= COMMANDS_BURST + 5
    assert not all(taken)
    await trips.stop()


async def test_a_suspended_person_opens_no_socket(connect, ann):
    ticket = ann.ticket()
    await asyncio.to_thread(suspend, ann.id)
    assert await refusal(connect, ann, ticket=ticket) == 4403


def suspend(user_id):
    try:
        User.objects.filter(pk=user_id).update(state="suspended")
    finally:
        connection.close()
