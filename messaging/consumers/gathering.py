"""Many single questions, answered by few queries: what is asked during one goes into the next."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")

MOST_AT_ONCE = 500


class Gathered(Generic[V]):
    """Asks `load` for the ids of a loop turn together. Belongs to one event loop.

    What `load` raises is raised to all who asked.
    """

    def __init__(self, load: Callable[[Collection[int]], Awaitable[Mapping[int, V]]]) -> None:
        self._load = load
        self._waiting: dict[int, list[asyncio.Future[V | None]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, id_: int) -> V | None:
        """What `load` has for this id."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(id_, []).append(answer)
        if self._task is None:
            self._task = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                ids = list(self._waiting)[:MOST_AT_ONCE]
                batch = {id_: self._waiting.pop(id_) for id_ in ids}
                await self._settle(batch)
        finally:
            self._task = None

    async def _settle(self, batch: Mapping[int, list[asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._load(batch)
        except Exception as error:  # noqa: BLE001  it is theirs who asked
            for answer in _open(batch):
                answer.set_exception(error)
            return
        for id_, answers in batch.items():
            for answer in answers:
                if not answer.done():
                    answer.set_result(found.get(id_))


def _open(batch: Mapping[int, list[asyncio.Future[V | None]]]) -> list[asyncio.Future[V | None]]:
    return [answer for answers in batch.values() for answer in answers if not answer.done()]
