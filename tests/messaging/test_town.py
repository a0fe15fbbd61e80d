"""People chat while every part fails in turn: nothing is lost, doubled, or out of order.

The long form is `make fault` (SEED=n repeats a run); a short one runs with every change.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.services import session_start
from messaging.constants import ConversationKind
from messaging.models import Conversation, Inbox, Member, Message
from tests.messaging.conftest import closing
from tests.messaging.town import (
    Balancer,
    Citizen,
    Gateway,
    Redis,
    Town,
    database_cut,
    database_restart,
)

CONVERGED_S = 5.0


@pytest.fixture
def dice():
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    sys.stderr.write(f"\nSEED={seed}\n")
    return random.Random(seed)


@pytest.fixture
def parts(transactional_db):
    """Redis and two gateways."""
    redis = Redis()
    gateways = [Gateway(redis) for _ in range(2)]
    yield redis, gateways
    for gateway in gateways:
        gateway.end()
    redis.end()
    # The test's own may have been cut; what cleans up opens another.
    connection.close()


def group_of(people) -> str:
    """A conversation of several: the rows that opening one will write."""
    made = Conversation.objects.create(
        kind=ConversationKind.GROUP, title="Town", last_activity_at=timezone.now()
    )
    ids = [person.id for person in people]
    Inbox.objects.bulk_create([Inbox(pk=id_) for id_ in ids], ignore_conflicts=True)
    Member.objects.bulk_create([Member(conversation=made, user_id=id_) for id_ in ids])
    return str(made.pk)


@pytest.fixture
def settle(person, device):
    """`settle(people, chats)`: so many people with access tokens, in groups of four."""

    def make(count, chats):
        people = [person() for _ in range(count)]
        access = [session_start(user=one.user, device=device).access for one in people]
        places = {}
        for number in range(chats):
            members = sorted({(number * 2 + step) % count for step in (0, 1, 5, 11)})
            places[group_of([people[place] for place in members])] = members
        return people, access, places

    return make


@contextlib.asynccontextmanager
async def town_of(parts, people, access, chats, dice):
    redis, gateways = parts
    async with asyncio.timeout(60):
        await asyncio.gather(*(gateway.ready() for gateway in gateways))
    balancer = await Balancer(gateways, dice).start()
    citizens = [
        Citizen(balancer.url, one, token) for one, token in zip(people, access, strict=True)
    ]
    town = Town(citizens, chats, dice)
    faults = {
        "redis restarted": redis.restart,
        "redis killed": redis.kill,
        "redis hung": partial(redis.hang, 2.0),
        "redis flushed": redis.flush,
        "database restarted": database_restart,
        "database connections cut": database_cut,
        "first gateway terminated": partial(gateways[0].again, signal.SIGTERM),
        "second gateway terminated": partial(gateways[1].again, signal.SIGTERM),
        "first gateway killed": partial(gateways[0].again, signal.SIGKILL),
        "second gateway killed": partial(gateways[1].again, signal.SIGKILL),
        "sockets aborted": partial(abort, balancer, 0.5),
        "all sockets aborted": partial(abort, balancer, 1.0),
    }
    try:
        async with asyncio.timeout(60):
            for citizen in citizens:
                await citizen.client.link.live.wait()
                await citizen.client.load()
        yield town, faults
    finally:
        for citizen in citizens:
            await citizen.stop()
        await balancer.stop()


async def abort(balancer, part):
    balancer.abort(part)
    await asyncio.sleep(0.1)


async def live_through(town, faults, names, *, deliveries, pause_s):
    """People talk until each fault has hit and so much was delivered; then all is held up to it."""
    talking = [
        asyncio.create_task(town.talk(place, pause_s)) for place in range(len(town.citizens))
    ]
    try:
        for name in town.dice.sample(names, len(names)):
            began = time.monotonic()
            await town.suffer(name, faults[name])
            took_s = time.monotonic() - began
            sys.stderr.write(f"{name}: {town.hits[name]} messages on their way, {took_s:.1f} s\n")
        while sum(citizen.deliveries for citizen in town.citizens) < deliveries:
            assert not any(task.done() for task in talking)
            await asyncio.sleep(0.1)
        await town.quiet(talking)
    finally:
        for task in talking:
            task.cancel()
    converged_s = await town.converge(CONVERGED_S)
    # Nobody is told a read mark twice: what a lost push said is read with the next look.
    for citizen in town.citizens:
        await citizen.client.load()
    assert all(town.hits.values()), town.hits
    delivered = sum(citizen.deliveries for citizen in town.citizens)
    sys.stderr.write(
        f"{len(town.acked)} messages, {delivered} deliveries, {len(town.hits)} faults, "
        f"{sum(c.client.resent for c in town.citizens)} sent again, "
        f"{sum(c.client.link.opened for c in town.citizens)} sockets, "
        f"converged in {converged_s:.2f} s\n"
    )
    assert delivered >= deliveries
    check_rows(town, await asyncio.to_thread(stored))
    for citizen in town.citizens:
        await check_state(town, citizen)


def stored():
    """(conversation, seq, client_id, sender, body) of every message."""
    try:
        rows = Message.objects.order_by("conversation_id", "seq")
        return list(rows.values_list("conversation_id", "seq", "client_id", "sender_id", "body"))
    finally:
        connection.close()


def check_rows(town, rows):
    """What was acknowledged is stored once, in each sender's order, without holes."""
    seqs, numbers = {}, {}
    for conversation_id, seq, client_id, sender_id, body in rows:
        id_ = str(conversation_id)
        seqs.setdefault(id_, []).append(seq)
        numbers.setdefault((id_, sender_id), []).append(int(body.partition("/")[2]))
        assert town.acked.pop(str(client_id)) == (id_, seq, body)
    assert town.acked == {}
    for found in (*seqs.values(), *numbers.values()):
        assert found == list(range(1, len(found) + 1))


async def check_state(town, citizen):
    """What the client has by events equals what it reads anew."""
    client = citizen.client
    badges = await client.api.get("me/badges")
    assert badges["messages"] == sum(client.unread(id_) > 0 for id_ in client.threads)
    for id_, thread in client.threads.items():
        assert citizen.shown[id_] == list(range(1, thread.last_seq + 1))
        fresh = await client.api.get(f"conversations/{id_}")
        answer, messages = {"has_more": True, "rev": 0}, []
        while answer["has_more"]:
            answer = await client.api.get(
                f"conversations/{id_}/changes", after_rev=answer["rev"], limit=500
            )
            messages += answer["results"]
        assert [thread.messages[seq] for seq in sorted(thread.messages)] == messages
        assert (thread.rev, thread.last_seq) == (fresh["rev"], fresh["last_seq"])
        assert client.unread(id_) == fresh["unread_count"]
        assert thread.read == {m["user"]["id"]: m["read_seq"] for m in fresh["members"]}


SHORT = ["redis killed", "redis flushed", "database connections cut", "sockets aborted"]


async def test_parts_that_fail_for_a_moment_lose_double_and_swap_nothing(parts, settle, dice):
    people, access, chats = await asyncio.to_thread(closing(settle), 8, 4)
    async with town_of(parts, people, access, chats, dice) as (town, faults):
        names = [*SHORT, dice.choice(["first gateway killed", "second gateway killed"])]
        await live_through(town, faults, names, deliveries=300, pause_s=0.05)


@pytest.mark.fault
async def test_a_town_lives_through_every_fault(parts, settle, dice):
    """20 people in 10 conversations, at least 5,000 deliveries."""
    people, access, chats = await asyncio.to_thread(closing(settle), 20, 10)
    async with town_of(parts, people, access, chats, dice) as (town, faults):
        await live_through(town, faults, list(faults), deliveries=5000, pause_s=0.1)
