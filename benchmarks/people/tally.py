"""Collects what all people of a run see."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from benchmarks.people.report import Failure, Figures, Report

#: Routes whose time is told, but which are no calls of the API: files come from the front.
FILES = "GET picture"


@dataclass(slots=True)
class Sent:
    """A message on its way; times are `time.monotonic()`."""

    client_id: str
    conversation_id: str
    at: float
    seq: int | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one run."""

    #: Times count while people live, not while they sign in or while all is compared at the end.
    is_measuring: bool = False
    latencies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[Failure] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    messages: dict[str, Sent] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    resent: int = 0
    caught_up: int = 0
    unpushed: int = 0
    repushed: int = 0
    closes: Counter[str] = field(default_factory=Counter)
    restarting: int = 0
    unannounced: int = 0
    refused_sockets: Counter[str] = field(default_factory=Counter)
    back_s: list[float] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    def took(self, what: str, began: float) -> None:
        """A request was answered well."""
        if self.is_measuring:
            self.latencies[what].append((time.monotonic() - began) * 1000)

    def failed(self, what: str, reason: str, began: float) -> None:
        """A request or command was not."""
        self.failures.append(Failure(what, reason, began, time.monotonic()))

    def break_promise(self, words: str) -> None:
        """The chat did what it must never do."""
        self.broken.append(words)

    def sends(self, client_id: str, conversation_id: str) -> Sent:
        """A message is about to be sent for the first time."""
        sent = Sent(client_id, conversation_id, time.monotonic())
        self.messages[client_id] = sent
        return sent

    def received(self, client_id: str) -> None:
        """Another person's socket brought a message of this crowd."""
        if sent := self.messages.get(client_id):
            self.delays.append((time.monotonic() - sent.at) * 1000)

    def saw_version(self, version: str) -> None:
        """The site said which release it is."""
        if version not in self.versions:
            self.versions.append(version)

    def report(self, *, seed: int, people: int, active: int, seconds: float) -> Report:
        """Everything so far."""
        calls = [ms for what, some in self.latencies.items() if what != FILES for ms in some]
        return Report(
            seed=seed,
            people=people,
            active=active,
            seconds=round(seconds, 1),
            api=Figures.of(calls),
            routes={what: Figures.of(some) for what, some in sorted(self.latencies.items())},
            message_delay=Figures.of(self.delays),
            sent=len(self.messages),
            acknowledged=sum(sent.seq is not None for sent in self.messages.values()),
            resent=self.resent,
            caught_up=self.caught_up,
            unpushed=self.unpushed,
            repushed=self.repushed,
            closes=dict(self.closes),
            restarting=self.restarting,
            unannounced=self.unannounced,
            refused_sockets=dict(self.refused_sockets),
            back_s=Figures.of(self.back_s),
            versions=self.versions,
            failures=self.failures,
            broken=self.broken,
        )
