"""A whole run: people are made once, and then live against the site for a while."""

import asyncio
import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.people import habits
from benchmarks.people.api import RequestFailedError
from benchmarks.people.person import Account, Person, by_and_by
from benchmarks.people.report import Report
from benchmarks.people.tally import Tally
from benchmarks.people.target import Target

FOLLOWS: Final = 10
PARTNERS: Final = 4
PICTURES: Final = 5
# Registration hashes a password: more at once than the machine has cores only wait.
MAKING_AT_ONCE: Final = 2
OPENING_AT_ONCE: Final = 10
# After the last act everything that was on its way has arrived.
QUIET_S: Final = 2.0
BACK_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people, what they do besides reading, and where they are kept between runs."""

    target: Target
    file: Path
    seed: int
    post_every_s: float = habits.POST_EVERY_S
    #: A command that proves the addresses of the people named after it: nobody reads their mail.
    vouch: tuple[str, ...] = ()

    async def make(self, *, people: int, active: int) -> None:
        """Register everybody; the active ones post once and know each other's friends."""
        tally = Tally()
        made: dict[int, Person] = {}

        async def register(number: int) -> None:
            name = f"crowd{self.seed}.{number}"
            made[number] = await Person.register(name, self.target, tally, self.seed)

        await by_and_by(range(people), register, at_once=MAKING_AT_ONCE)
        crowd = [made[number] for number in range(people)]
        await self._vouch_for(crowd)
        dice = random.Random(self.seed)
        await _befriend(crowd, active, dice)
        self._keep(crowd)
        for person in crowd:
            await person.leave()

    async def _vouch_for(self, people: list[Person]) -> None:
        names = [person.account.username for person in people]
        if self.vouch:
            done = await asyncio.create_subprocess_exec(*self.vouch, *names)
            if await done.wait():
                raise ChildProcessError(f"{self.vouch[0]} ended with {done.returncode}")
        for person in people:
            await person.renew_access()

    async def live(self, *, seconds: float, until: asyncio.Event) -> Report:
        """Let them live for so long, or until the event; then hold everything against the truth."""
        tally = Tally()
        people = [
            Person(account, self.target, tally, self.seed) for account in _accounts(self.file)
        ]
        active = sum(person.account.is_active for person in people)
        try:
            await by_and_by(people, Person.sign_in, at_once=OPENING_AT_ONCE)
            self._keep(people)
            await by_and_by(people, Person.open_socket, at_once=OPENING_AT_ONCE)
            began, tally.is_measuring = time.monotonic(), True
            print(f"living: {len(people)} people, {active} active", flush=True)
            await self._live(people, seconds, until)
            lasted, tally.is_measuring = time.monotonic() - began, False
            await _settle(people, tally)
        finally:
            self._keep(people)
            for person in people:
                await person.leave()
        return tally.report(seed=self.seed, people=len(people), active=active, seconds=lasted)

    async def _live(self, people: list[Person], seconds: float, until: asyncio.Event) -> None:
        dice = random.Random(self.seed)
        pictures = [habits.picture(dice) for _ in range(PICTURES)]
        if seconds:
            asyncio.get_running_loop().call_later(seconds, until.set)
        async with asyncio.TaskGroup() as group:
            for person in people:
                every_s = self.post_every_s
                life = habits.live(person, pictures, post_every_s=every_s, until=until)
                group.create_task(life)

    def _keep(self, people: list[Person]) -> None:
        """Write who they are; refresh tokens serve once."""
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps([person.account.as_json() for person in people]))
        draft.replace(self.file)


async def _befriend(people: list[Person], active: int, dice: random.Random) -> None:
    """The active ones have a post and conversations; everybody follows some of the others."""
    for person in people[:active]:
        person.account.is_active = True
    first = habits.picture(dice)
    await by_and_by(
        people[:active], lambda person: habits.publish(person, first), at_once=MAKING_AT_ONCE
    )
    for person in people:
        # Who reads wants to see something: many of whom they follow are those who post.
        known = _others(people, person, FOLLOWS, dice)
        known += _others(people[:active], person, FOLLOWS // 2, dice)
        for user_id in {other.account.id for other in known}:
            await person.api.put("users/{}/follow", user_id)
    for person in people[:active]:
        for partner in _others(people, person, PARTNERS, dice):
            await _open_conversation(person, partner)


async def _open_conversation(person: Person, partner: Person) -> None:
    opened = await person.api.post("conversations", user_ids=[partner.account.id])
    for member in (person, partner):
        if opened["id"] not in member.account.conversations:
            member.account.conversations.append(opened["id"])


def _others(people: list[Person], person: Person, count: int, dice: random.Random) -> list[Person]:
    others = [other for other in people if other is not person]
    return dice.sample(others, min(count, len(others)))


async def _settle(people: list[Person], tally: Tally) -> None:
    """Let everything arrive, ask for the rest, and compare with the history and each ack."""
    await asyncio.sleep(QUIET_S)
    for person in people:
        if person.gateway:
            try:
                await person.gateway.ready(BACK_S)
            except TimeoutError:
                tally.break_promise(f"{person.account.username} did not come back in {BACK_S:g} s")
    for person in people:
        for chat in person.chats.values():
            with suppress(RequestFailedError):
                tally.unpushed += await chat.catch_up()
                await chat.compare_with_history()
            for sent in tally.messages.values():
                if sent.conversation_id == chat.id and sent.seq is not None:
                    chat.check_acknowledged(sent)


def _accounts(file: Path) -> list[Account]:
    return [Account(**values) for values in json.loads(file.read_text())]
