"""The measurements in order: people sign in once, and out at the end whatever happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.ops.bounds import Bound
from config.ops.smoke.accounts import Person, read_credentials
from config.ops.smoke.answers import api_time
from config.ops.smoke.availability import Say, availability
from config.ops.smoke.page import page_load
from config.ops.smoke.pictures import picture_to_post
from config.ops.smoke.results import Figure, NotMeasuredError, Outcome
from config.ops.smoke.sockets import message_delay

#: These can be measured without accounts.
PUBLIC: Final = frozenset({"page_s", "uptime_percent"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, and where."""

    origin: str
    promises: Sequence[Bound]
    people_file: Path | None
    watch_s: float
    timeout_s: float


def measure(plan: Plan, say: Say) -> Iterator[Outcome]:
    """One outcome a promise, as soon as it is there."""
    with ExitStack() as at_end:
        people = _People(plan, at_end)
        ways: dict[str, Callable[[], Figure]] = {
            "page_s": lambda: page_load(plan.origin, plan.timeout_s),
            "api_ms": lambda: api_time(people.both()[0]),
            "message_ms": lambda: message_delay(plan.origin, people.both(), plan.timeout_s),
            "upload_s": lambda: picture_to_post(plan.origin, *people.both(), plan.timeout_s),
            "uptime_percent": lambda: availability(plan.origin, plan.watch_s, say),
        }
        for promise in plan.promises:
            try:
                yield Outcome(promise, ways[promise.name]())
            except NotMeasuredError as error:
                yield Outcome(promise, problem=error.problem, mend=error.mend)


class _People:
    """Signs the two in when they are first needed; a failure is told to each who needs them."""

    def __init__(self, plan: Plan, at_end: ExitStack) -> None:
        self._plan, self._at_end = plan, at_end
        self._signed_in: tuple[Person, Person] | None = None
        self._failure: NotMeasuredError | None = None

    def both(self) -> tuple[Person, Person]:
        if self._failure:
            raise self._failure
        try:
            self._signed_in = self._signed_in or self._sign_in()
        except NotMeasuredError as error:
            self._failure = error
            raise
        return self._signed_in

    def _sign_in(self) -> tuple[Person, Person]:
        plan, people = self._plan, []
        for who in read_credentials(plan.people_file):
            people.append(Person.sign_in(plan.origin, who, plan.timeout_s))
            self._at_end.callback(people[-1].sign_out)
        return people[0], people[1]
