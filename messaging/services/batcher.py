"""Messages from sockets, written in batches: what arrives during one commit is the next batch."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import make_conninfo

from core.database import AsyncRotatingConnection
from core.errors import BadInputError, UnavailableError
from core.sql import HotAsyncCursor
from messaging.services.writing import (
    STATEMENT,
    Draft,
    Outcome,
    Written,
    outcomes,
    statement_params,
)

log = logging.getLogger(__name__)

SHARDS = 2
MOST_IN_BATCH = 200
MOST_WAITING = 2_000
MOST_TRIES = 5
CONNECT_TIMEOUT_S = 5
RECONNECT_PAUSE_S = 0.1

# Batches are small and every table has its index: no plan may ever read a whole table.
_SESSION = """
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET jit = off;
SET plan_cache_mode = force_generic_plan; SET lock_timeout = '300ms'; SET statement_timeout = '3s';
SET timezone = 'UTC'
"""
# Another process wrote the same client_id first, or took locks the other way round.
_AGAIN = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)
_HELD_UP = (errors.LockNotAvailable, errors.QueryCanceled)
_REFUSED = (psycopg.DataError, psycopg.IntegrityError)

Pairs = list[tuple[Draft, Outcome]]


@dataclass(frozen=True, slots=True)
class _Entry:
    draft: Draft
    done: Callable[[Outcome], None]


class Batcher:
    """Writes drafts of any number of senders. Belongs to the event loop it was made in.

    A conversation always goes to the same shard, and a shard has one connection of its own with
    one statement in flight, so messages of one socket to one conversation keep their order.
    """

    def __init__(self, database: dict[str, Any], *, shards: int = SHARDS) -> None:
        self._shards = [_Shard(conninfo(database)) for _ in range(shards)]

    def put(self, draft: Draft, done: Callable[[Outcome], None]) -> None:
        """Queue a draft; `done` is called once, after commit or refusal, in order of seq.

        Raises UnavailableError when too many wait; then `done` is not called.
        """
        self._shards[draft.conversation_id % len(self._shards)].put(_Entry(draft, done))

    async def stop(self) -> None:
        """Stop writing; drafts that wait are dropped unanswered, and their senders send again."""
        await asyncio.gather(*(shard.stop() for shard in self._shards))


class _Shard:
    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.AsyncConnection | None = None
        self._waiting: list[_Entry] = []
        self._work = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def put(self, entry: _Entry) -> None:
        if len(self._waiting) >= MOST_WAITING:
            raise UnavailableError("Too many messages wait to be written.", retry_after=1)
        self._waiting.append(entry)
        self._work.set()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._disconnect()

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            batch, self._waiting = self._waiting[:MOST_IN_BATCH], self._waiting[MOST_IN_BATCH:]
            if not self._waiting:
                self._work.clear()
            await self._settle(batch)

    async def _settle(self, batch: list[_Entry]) -> None:
        """Write a batch and tell each entry; the same key twice in it is one row."""
        by_key: dict[Any, list[_Entry]] = {}
        for entry in batch:
            by_key.setdefault(entry.draft.key, []).append(entry)
        pairs = await self._write([same[0].draft for same in by_key.values()])
        # Told while the database works on the next batch already.
        asyncio.get_running_loop().call_soon(_tell_all, by_key, pairs)

    async def _write(self, drafts: Sequence[Draft]) -> Pairs:
        """Outcomes of all drafts, whatever happens; one bad row fails alone."""
        try:
            return outcomes(drafts, await self._execute(drafts))
        except _REFUSED as error:
            if len(drafts) > 1:
                return await self._write_parts(drafts)
            log.warning("message refused by the database", extra={"sqlstate": error.sqlstate})
            return _all(drafts, BadInputError("This message cannot be stored.", code="bad_text"))
        except _HELD_UP:
            if len({draft.conversation_id for draft in drafts}) > 1:
                return await self._write_parts(drafts)
            return _all(drafts, UnavailableError(retry_after=1))
        except (psycopg.Error, OSError) as error:
            log.warning("messages not written", extra={"reason": type(error).__name__})
            await self._disconnect()
            await asyncio.sleep(RECONNECT_PAUSE_S)
            return _all(drafts, UnavailableError(retry_after=1))

    async def _write_parts(self, drafts: Sequence[Draft]) -> Pairs:
        """Conversation by conversation, and when it is one only, row by row."""
        parts: dict[int, list[Draft]] = {}
        for draft in drafts:
            parts.setdefault(draft.conversation_id, []).append(draft)
        rows = list(parts.values()) if len(parts) > 1 else [[draft] for draft in drafts]
        return [pair for part in rows for pair in await self._write(part)]

    async def _execute(self, drafts: Sequence[Draft]) -> list[tuple[Any, ...]]:
        params = statement_params(drafts)
        try:
            return await self._rows(params)
        except psycopg.OperationalError:
            if self._connection is None or not self._connection.closed:
                raise
        # The connection was lost. What had been committed is found again by its client_id.
        return await self._rows(params)

    async def _rows(self, params: dict[str, str]) -> list[tuple[Any, ...]]:
        cursor = HotAsyncCursor(await self._connect())
        for _ in range(MOST_TRIES - 1):
            with suppress(*_AGAIN):
                return await _run(cursor, params)
        return await _run(cursor, params)

    async def _connect(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            connection = await AsyncRotatingConnection.connect(
                self._conninfo, autocommit=True, prepare_threshold=0
            )
            for setting in _SESSION.split(";"):
                await connection.execute(setting.encode(), prepare=False)
            self._connection = connection
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


async def _run(cursor: HotAsyncCursor, params: dict[str, str]) -> list[tuple[Any, ...]]:
    await cursor.execute(STATEMENT, params)
    return await cursor.fetchall()


def conninfo(database: dict[str, Any]) -> str:
    """Django's DATABASES entry in the form that libpq reads."""
    words = {
        "host": database["HOST"],
        "port": database["PORT"],
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "connect_timeout": CONNECT_TIMEOUT_S,
    }
    # The rest of OPTIONS (prepare_threshold and so on) is Django's own.
    options = {name: value for name, value in database["OPTIONS"].items() if type(value) is str}
    return make_conninfo(**words | options)


def _tell_all(by_key: dict[Any, list[_Entry]], pairs: Pairs) -> None:
    for draft, outcome in pairs:
        first, *repeated = by_key[draft.key]
        _tell(first, outcome)
        for entry in repeated:
            _tell(entry, _as_repeated(outcome))


def _tell(entry: _Entry, outcome: Outcome) -> None:
    try:
        entry.done(outcome)
    except Exception:
        log.exception("an outcome was not taken")


def _as_repeated(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Written):
        return replace(outcome, is_duplicate=True, member_ids=())
    return outcome


def _all(drafts: Sequence[Draft], outcome: Outcome) -> Pairs:
    return [(draft, outcome) for draft in drafts]
