"""`manage.py db_report`: how the database is, and whether something has to be done."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseError

from config.ops.bounds import Bound
from config.ops.db_report.report import BOUNDS, Report, db_report
from config.ops.db_report.tables import text


class Command(BaseCommand):
    """Reads PostgreSQL's own statistics; changes nothing and shows nothing that people wrote."""

    help = (
        "Size, tables, connections, slow statements, unused indexes, dead rows, transactions and "
        "locks. With --fail-over exit code 1 if a limit is passed, 2 if a figure cannot be had."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Limits are given as NAME=VALUE."""
        parser.add_argument("--json", action="store_true", help="one JSON document")
        names = ", ".join(f"{bound.name}={bound.limit:g}" for bound in BOUNDS)
        parser.add_argument(
            "--fail-over",
            nargs="*",
            metavar="NAME=VALUE",
            help=f"fail when a limit is passed; NAME=off leaves one out. Defaults: {names}",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tell, and leave with the exit code."""
        changes = options["fail_over"]
        try:
            report = db_report(_bounds(changes or []))
        except DatabaseError as error:
            raise CommandError(f"{error}\nmanage.py doctor says more.", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2, default=str))
        else:
            self.stdout.write("\n".join(text(report)))
        if changes is not None:
            raise SystemExit(_exit_code(report))


def _bounds(changes: Sequence[str]) -> list[Bound]:
    bounds = {bound.name: bound for bound in BOUNDS}
    for change in changes:
        name, _, value = change.partition("=")
        if name not in bounds:
            raise CommandError(f"There is no {name}: {', '.join(bounds)}.", returncode=2)
        if value == "off":
            del bounds[name]
        else:
            bounds[name] = replace(bounds[name], limit=_number(change, value))
    return list(bounds.values())


def _number(change: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise CommandError(f"{change} names no number.", returncode=2) from error


def _exit_code(report: Report) -> int:
    words = {figure.word for figure in report.figures}
    if "NOT MEASURED" in words:
        return 2
    return int("OVER" in words)
