"""How much of the time the site is there: asked once a second."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from config.ops.smoke.results import Figure, NotMeasuredError
from config.ops.smoke.web import Connection

EVERY_S: Final = 1.0
#: A probe that takes longer than this has failed: nobody waits so long.
PATIENCE_S: Final = 5.0
# Public, asks the database, is cached nowhere: 200 and 404 both say that the API works.
_PROBE: Final = "/api/v1/users/lookup?username=smoke.one"

Say = Callable[[str], None]


@dataclass
class _Seconds:
    up: int = 0
    down: int = 0
    breaks: int = 0
    is_up: bool = True

    def count(self, seconds: int, problem: str, say: Say) -> None:
        """Add what one probe covered; changes are told."""
        if problem:
            self.down += seconds
        else:
            self.up += seconds
        if self.is_up and problem:
            self.breaks += 1
            say(f"{_now()} down: {problem}")
        elif not self.is_up and not problem:
            say(f"{_now()} up again")
        self.is_up = not problem


def availability(origin: str, seconds: float, say: Say) -> Figure:
    """The share of seconds, in percent, in which both the page and the API answered.

    A probe that hangs counts for all the seconds it took. Ends after `seconds` (which may be
    infinite) or by Ctrl-C, with what was counted until then. Raises NotMeasuredError if that is
    nothing.
    """
    counted = _Seconds()
    began = time.monotonic()
    try:
        while time.monotonic() - began < seconds:
            tick = time.monotonic()
            problem = _problem(origin)
            taken = max(1, math.ceil((time.monotonic() - tick) / EVERY_S))
            counted.count(taken, problem, say)
            time.sleep(max(0.0, tick + taken * EVERY_S - time.monotonic()))
    except KeyboardInterrupt:
        say(f"{_now()} stopped")
    total = counted.up + counted.down
    if not total:
        raise NotMeasuredError("Nothing was asked.", "Watch for a second at least: --watch 10")
    detail = {"seconds": total, "down_s": counted.down, "breaks": counted.breaks}
    return Figure(100 * counted.up / total, dict(detail))


def _problem(origin: str) -> str:
    """Why the site is not there; empty when it is."""
    connection = Connection(origin, PATIENCE_S)
    try:
        page = connection.request("GET", "/")
        if page.status != 200:  # noqa: PLR2004
            return f"the page answered {page.status}"
        answer = connection.request("GET", _PROBE)
        if answer.status not in (200, 404) or not _is_json(answer.body):
            return f"the API answered {answer.status}"
    except NotMeasuredError as error:
        return error.problem
    finally:
        connection.close()
    return ""


def _is_json(body: bytes) -> bool:
    """What stands in front of a site answers 404 in HTML, and 200 with the client's page."""
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
