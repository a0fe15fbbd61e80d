"""Somebody with an account: signed in, with a socket and conversations."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeVar

from benchmarks.people.api import Api, RequestFailedError
from benchmarks.people.chat import Chat
from benchmarks.people.gateway import Gateway
from benchmarks.people.tally import Tally
from benchmarks.people.target import Target

T = TypeVar("T")

PASSWORD: Final = "a quiet harbour 7"  # noqa: S105  of people who exist for the run alone
# An access token lives for ten minutes; it is renewed before its end comes near.
RENEW_AFTER_S: Final = 480.0


@dataclass(slots=True)
class Account:
    """What is kept of a person between runs."""

    username: str
    id: str
    refresh: str
    is_active: bool = False
    conversations: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self)


class Person:
    """One account with its connections. `sign_in` comes first, then `open_socket`."""

    def __init__(self, account: Account, target: Target, tally: Tally, seed: int) -> None:
        self.account, self.tally = account, tally
        self.api = Api(target, tally)
        self.dice = random.Random(f"{seed} {account.username}")
        self.chats: dict[str, Chat] = {}
        self.gateway: Gateway | None = None
        self._renewed_at = 0.0
        self._renewing = asyncio.Lock()

    @classmethod
    async def register(cls, username: str, target: Target, tally: Tally, seed: int) -> "Person":
        """A new account. Raises RequestFailedError."""
        person = cls(Account(username, "", ""), target, tally, seed)
        answer = await person.api.post(
            "auth/register",
            username=username,
            display_name=username.capitalize(),
            email=f"{username}@example.org",
            password=PASSWORD,
        )
        person.account.id = answer["user"]["id"]
        person._use(answer)
        return person

    async def sign_in(self) -> None:
        """Go on with the session of the last run, else start one. Raises RequestFailedError."""
        try:
            await self.fresh_access()
        except RequestFailedError:
            self.tally.failures.pop()
            login = {"login": self.account.username, "password": PASSWORD}
            self._use(await self.api.post("auth/login", **login))

    async def fresh_access(self) -> None:
        """Renew the access token if it ends soon. Raises RequestFailedError."""
        async with self._renewing:
            if time.monotonic() - self._renewed_at > RENEW_AFTER_S:
                await self.renew_access()

    async def renew_access(self) -> None:
        """Renew it now: what it says of the person may have changed. Raises RequestFailedError."""
        self._use(await self.api.post("auth/refresh", refresh=self.account.refresh))

    async def open_socket(self) -> None:
        """Open it and learn where every conversation stands."""
        self.gateway = Gateway(self, self.api, self.tally, self.dice)
        await self.gateway.ready(60)
        for conversation_id in self.account.conversations:
            state = await self.api.get("conversations/{}", conversation_id)
            chat = Chat(self.account.username, self.api, self.tally, state)
            self.chats[conversation_id] = chat

    def pushed(self, type_: str, data: dict[str, Any]) -> None:
        """A push: messages go to their conversation, the rest is only heard."""
        if type_ == "message.created":
            message = data["message"]
            if chat := self.chats.get(message["conversation_id"]):
                chat.take(message)

    async def resumed(self, changed: list[dict[str, Any]]) -> None:
        """Read what changed in conversations while there was no socket."""
        for change in changed:
            if chat := self.chats.get(change["conversation_id"]):
                self.tally.caught_up += await chat.catch_up(change)

    async def leave(self) -> None:
        """Hang up."""
        if self.gateway:
            await self.gateway.stop()
        self.api.close()

    def _use(self, answer: dict[str, Any]) -> None:
        self.api.access, self.account.refresh = answer["access"], answer["refresh"]
        self._renewed_at = time.monotonic()


async def by_and_by(
    each: Iterable[T], act: Callable[[T], Awaitable[object]], *, at_once: int
) -> None:
    """Do it for each, so many at a time. The first error ends it."""
    places = asyncio.Semaphore(at_once)

    async def in_turn(one: T) -> None:
        async with places:
            await act(one)

    async with asyncio.TaskGroup() as group:
        for one in each:
            group.create_task(in_turn(one))
