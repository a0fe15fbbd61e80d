"""The Batcher: what goes wrong for one message goes wrong for that message alone."""

import asyncio
import contextlib
import uuid

import psycopg
import pytest
from django.db import connection

from core.errors import ApplicationError, BadInputError, NotFoundError, UnavailableError
from messaging.services import Batcher, Draft, Written, batcher
from messaging.services.batcher import conninfo
from tests.messaging.conftest import open_chat

pytestmark = pytest.mark.django_db(transaction=True)


@contextlib.asynccontextmanager
async def writers(count=1, **how):
    """Batchers as of several processes."""
    made = [Batcher(connection.settings_dict, **how) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            await one.stop()


async def written(batcher_, drafts):
    """Put all drafts at once; return their outcomes in the order of the drafts."""
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in drafts]
    for draft, future in zip(drafts, futures, strict=True):
        batcher_.put(draft, future.set_result)
    async with asyncio.timeout(20):
        return await asyncio.gather(*futures)


def draft(person, conversation_id, body="text", client_id=None):
    return Draft(conversation_id, person.id, client_id or uuid.uuid4(), body)


@contextlib.asynccontextmanager
async def raw_connection():
    """A connection beside all others."""
    conn = await psycopg.AsyncConnection.connect(conninfo(connection.settings_dict))
    async with conn:
        yield conn


def seqs(outcomes):
    return [o.row.seq if isinstance(o, Written) else o.code for o in outcomes]


async def test_messages_put_at_once_are_numbered_in_that_order(ann, bob, chat):
    async with writers() as (one,):
        outcomes = await written(one, [draft(ann, chat, str(n)) for n in range(500)])
    assert seqs(outcomes) == list(range(1, 501))
    assert [o.row.body for o in outcomes] == [str(n) for n in range(500)]


async def test_the_same_message_twice_in_one_batch_is_one_row(ann, chat):
    same = uuid.uuid4()
    async with writers() as (one,):
        outcomes = await written(
            one, [draft(ann, chat, "once", same), draft(ann, chat), draft(ann, chat, "twice", same)]
        )
    assert seqs(outcomes) == [1, 2, 1]
    assert [o.is_duplicate for o in outcomes] == [False, False, True]
    assert outcomes[2].row.body == "once"


async def test_the_same_message_raced_in_two_processes_is_one_row(ann, bob, chat):
    async with writers(2) as (one, two):
        for number in range(1, 41):
            same = uuid.uuid4()
            (first,), (second,) = await asyncio.gather(
                written(one, [draft(ann, chat, "one", same)]),
                written(two, [draft(ann, chat, "two", same)]),
            )
            assert (first.row, first.row.seq) == (second.row, number)
            assert sorted([first.is_duplicate, second.is_duplicate]) == [False, True]


async def test_a_poisoned_message_fails_alone(ann, bob, cid, chat):
    other_chat = await asyncio.to_thread(_open_and_close, ann, cid)
    drafts = [draft(ann, chat, str(n)) for n in range(6)] + [draft(ann, other_chat)]
    drafts[2] = draft(ann, chat, "nul \x00 inside")
    async with writers(shards=1) as (one,):
        outcomes = await written(one, drafts)
    assert isinstance(outcomes[2], BadInputError)
    assert seqs(outcomes) == [1, 2, "bad_text", 3, 4, 5, 1]


def _open_and_close(one, other):
    try:
        return open_chat(one, other)
    finally:
        connection.close()


async def test_strangers_in_a_batch_are_refused_alone(ann, cid, chat):
    async with writers() as (one,):
        outcomes = await written(one, [draft(cid, chat), draft(ann, chat)])
    assert isinstance(outcomes[0], NotFoundError)
    assert seqs(outcomes) == ["not_found", 1]


async def test_a_conversation_that_is_held_up_holds_up_no_other(ann, cid, chat):
    other_chat = await asyncio.to_thread(_open_and_close, ann, cid)
    async with writers(shards=1) as (one,), raw_connection() as holder:
        await holder.execute(
            "SELECT 1 FROM messaging_conversation WHERE id = %s FOR UPDATE", [chat]
        )
        outcomes = await written(one, [draft(ann, chat), draft(ann, other_chat), draft(ann, chat)])
        assert seqs(outcomes) == ["unavailable", 1, "unavailable"]
        assert isinstance(outcomes[0], UnavailableError)
        assert outcomes[0].retry_after == 1
        await holder.rollback()
        assert seqs(await written(one, [draft(ann, chat)])) == [1]


async def test_a_lost_connection_is_opened_again_and_nothing_is_lost_or_doubled(ann, chat):
    async with writers(shards=1) as (one,), raw_connection() as killer:
        for number in range(1, 4):
            assert seqs(await written(one, [draft(ann, chat)])) == [number]
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'WITH draft%'"
            )
            await killer.commit()


async def test_without_a_database_messages_are_refused_until_it_is_back(ann, chat):
    database = {**connection.settings_dict, "PORT": 1}
    one = Batcher(database)
    try:
        (outcome,) = await written(one, [draft(ann, chat)])
        assert isinstance(outcome, UnavailableError)
    finally:
        await one.stop()


async def test_too_many_waiting_messages_are_refused_at_once(ann, chat, monkeypatch):
    monkeypatch.setattr(batcher, "MOST_WAITING", 3)
    taken: list[object] = []
    async with writers() as (one,):
        for _ in range(3):
            one.put(draft(ann, chat), taken.append)
        with pytest.raises(UnavailableError):
            one.put(draft(ann, chat), taken.append)
        async with asyncio.timeout(5):
            while len(taken) < 3:  # noqa: ASYNC110  the list is filled by callbacks
                await asyncio.sleep(0.01)
    assert not any(isinstance(outcome, ApplicationError) for outcome in taken)


async def test_an_outcome_that_nobody_can_take_stops_nothing(ann, chat, caplog):
    def broken(outcome):
        raise RuntimeError

    async with writers() as (one,):
        one.put(draft(ann, chat), broken)
        assert seqs(await written(one, [draft(ann, chat)])) == [2]
    assert "an outcome was not taken" in caplog.text
