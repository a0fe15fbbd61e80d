"""`manage.py smoke URL`: whether a live site keeps the five promises."""

import json
import math
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.ops.bounds import Bound
from config.ops.smoke.limits import PROMISES
from config.ops.smoke.results import ExitCode, NotMeasuredError, Outcome, exit_code, table
from config.ops.smoke.run import PUBLIC, Plan, measure
from config.ops.smoke.web import origin_of


class Command(BaseCommand):
    """Walks the main flows (visit, log in, post, message) as people do, and times them.

    It needs no settings, no database and no variables of the site: see config.ops.bare.
    """

    help = (
        "Measure page load, API, live messages, picture upload and availability of a live site. "
        "Exit code: 0 all kept, 1 a limit was missed, 2 something could not be measured."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Each promise has an option that sets another limit."""
        parser.add_argument("url", help="address of the site: https://photos.example.org")
        parser.add_argument(
            "--people",
            type=Path,
            metavar="FILE",
            help="the line that `manage.py smoke_people` printed; default: variable SMOKE_PEOPLE",
        )
        parser.add_argument(
            "--public", action="store_true", help="measure only what needs no accounts"
        )
        parser.add_argument(
            "--only", action="append", choices=[p.name for p in PROMISES], help="measure just this"
        )
        parser.add_argument(
            "--watch",
            type=_seconds,
            default=10.0,
            metavar="SECONDS|forever",
            help="how long to watch availability, once a second (default 10)",
        )
        parser.add_argument(
            "--timeout", type=float, default=20.0, help="seconds to wait for any answer"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")
        for promise in PROMISES:
            parser.add_argument(
                f"--{promise.name.replace('_', '-')}",
                type=float,
                default=promise.limit,
                metavar="LIMIT",
                help=f"{promise.title} (default {promise.limit:g} {promise.unit})",
            )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure one after another; leave with the exit code.

        Ctrl-C and SIGTERM end the watching, and what was counted until then is told.
        """
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs ignore SIGINT
            signal.signal(number, signal.default_int_handler)
        outcomes = []
        for outcome in self._outcomes(options):
            outcomes.append(outcome)
            if not options["json"]:
                self.stdout.write("\n".join(table([outcome])))
                self.stdout.flush()
        code = exit_code(outcomes)
        if options["json"]:
            self.stdout.write(_document(options["url"], outcomes, code))
        raise SystemExit(code)

    def _outcomes(self, options: dict[str, Any]) -> Iterator[Outcome]:
        promises = _chosen(options)
        try:
            origin = origin_of(options["url"])
        except NotMeasuredError as error:
            for promise in promises:
                yield Outcome(promise, problem=error.problem, mend=error.mend)
            return
        plan = Plan(origin, promises, options["people"], options["watch"], options["timeout"])
        yield from measure(plan, self.stderr.write if options["json"] else self.stdout.write)


def _chosen(options: dict[str, Any]) -> list[Bound]:
    names = options["only"] or [promise.name for promise in PROMISES]
    return [
        replace(promise, limit=options[promise.name])
        for promise in PROMISES
        if promise.name in names and not (options["public"] and promise.name not in PUBLIC)
    ]


def _seconds(value: str) -> float:
    return math.inf if value == "forever" else float(value)


def _document(url: str, outcomes: Sequence[Outcome], code: ExitCode) -> str:
    metrics = {outcome.promise.name: outcome.as_json() for outcome in outcomes}
    return json.dumps({"url": url, "exit_code": int(code), "metrics": metrics}, indent=2)
