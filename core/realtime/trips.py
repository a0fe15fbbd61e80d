"""Many small scripts for one Redis in few round trips: what is asked during one is the next."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

log = logging.getLogger(__name__)

TIMEOUT_S = 0.25
PAUSE_S = 1.0
MOST_AT_ONCE = 500
MOST_WAITING = 20_000


class Lua:
    """A script, sent by its digest where the server knows it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class _Call:
    script: Lua
    words: Sequence[Any]
    answer: asyncio.Future[Any] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, value: Any) -> None:
        if not self.answer.done():
            self.answer.set_result(value)


class Trips:
    """Calls to one Redis, of one event loop. While it is away they answer None at once.

    One round trip is on its way at a time and carries up to MOST_AT_ONCE calls, in their order.
    A Redis that does not answer within TIMEOUT_S is left alone for PAUSE_S.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: list[_Call] = []
        self._task: asyncio.Task[None] | None = None
        self._closed_until = 0.0

    async def call(self, script: Lua, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """What the script returns, or None when nobody can tell."""
        return await self.ask(script, keys, args)

    def ask(self, script: Lua, keys: Sequence[str], args: Sequence[Any]) -> "asyncio.Future[Any]":
        """The same for whoever does not wait."""
        loop = asyncio.get_running_loop()
        call = _Call(script, (len(keys), *keys, *args))
        if loop.time() < self._closed_until or len(self._waiting) >= MOST_WAITING:
            call.settle(None)
            return call.answer
        self._waiting.append(call)
        if self._task is None:
            self._task = loop.create_task(self._run())
        return call.answer

    async def stop(self) -> None:
        """Answer what waits with None, and close the connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._give_up(self._waiting)
        await self._redis.aclose()

    async def _run(self) -> None:
        batch: list[_Call] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                async with asyncio.timeout(TIMEOUT_S):
                    await self._send(batch)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("redis does not answer", extra={"reason": repr(error)})
            self._closed_until = asyncio.get_running_loop().time() + PAUSE_S
        finally:
            self._task = None
            waiting, self._waiting = self._waiting, []
            self._give_up(batch + waiting)

    async def _send(self, batch: Sequence[_Call]) -> None:
        answers = await self._ask(batch, "EVALSHA", lambda script: script.digest)
        unknown = [
            call
            for call, answer in zip(batch, answers, strict=True)
            if isinstance(answer, NoScriptError)
        ]
        for call, answer in zip(batch, answers, strict=True):
            if not isinstance(answer, NoScriptError):
                _settle(call, answer)
        if unknown:
            texts = await self._ask(unknown, "EVAL", lambda script: script.text)
            for call, answer in zip(unknown, texts, strict=True):
                _settle(call, answer)

    async def _ask(self, batch: Sequence[_Call], command: str, named: Any) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for call in batch:
            pipeline.execute_command(command, named(call.script), *call.words)
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
        return answers

    @staticmethod
    def _give_up(calls: Sequence[_Call]) -> None:
        for call in calls:
            call.settle(None)


def _settle(call: _Call, answer: Any) -> None:
    if isinstance(answer, Exception):
        # A script of ours that fails is a mistake of ours; who called goes on without an answer.
        log.error("script failed", extra={"reason": repr(answer)})
        answer = None
    call.settle(answer)
