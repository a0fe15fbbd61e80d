"""All measurements. A new one is a module with `run() -> Iterator[Result]`, and a line here."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import django

from benchmarks.harness import Result


@dataclass(frozen=True, slots=True)
class Measurement:
    """A named set of figures; its module is imported when it runs, after Django's set-up."""

    name: str
    about: str
    module: str
    needs_django: bool = True

    def run(self) -> Iterator[Result]:
        """Measure; ends by itself."""
        if self.needs_django:
            django.setup()
        results: Iterator[Result] = importlib.import_module(self.module).run()
        return results


_ALL: Final = (
    Measurement(
        "feed.query",
        "home feed: 100,000 people, 1,000,000 posts, 5,000,000 follows",
        "benchmarks.feed",
    ),
    Measurement(
        "hot.reads",
        "home feed, grid and comments beside Express and the database alone, on gunicorn as deployed",
        "benchmarks.hot_reads",
    ),
    Measurement(
        "login.storm",
        "reading while four people sign in at any moment, on gunicorn as deployed",
        "benchmarks.login",
    ),
    Measurement(
        "chat",
        "live messages against Express + Socket.IO, memory, reconnects, 10,000 sockets",
        "benchmarks.chat.rounds",
    ),
    Measurement(
        "chat.neighbours",
        "messages beside a flood over many sockets",
        "benchmarks.chat.neighbours",
    ),
    Measurement(
        "media",
        "a JPEG of 12 megapixels, and sharp on the same files",
        "benchmarks.media",
    ),
    Measurement(
        "media.bombs",
        "three bombs at once against all parts: memory, and whether the server answers",
        "benchmarks.media_bombs",
    ),
    Measurement(
        "commands",
        "make run, first and second start, and make test, in a fresh clone",
        "benchmarks.commands",
        needs_django=False,
    ),
    Measurement(
        "deploy",
        "the single box, booted: 100 people for five minutes, then restarts (needs root)",
        "benchmarks.deploy",
        needs_django=False,
    ),
)
MEASUREMENTS: Final = {measurement.name: measurement for measurement in _ALL}
