"""`manage.py doctor`: what is wrong here, and how to mend it."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.ops.doctor.examination import examine
from config.ops.doctor.findings import Finding, Level, lines, worst
from config.ops.doctor.mail import examine_mail_to


class Command(BaseCommand):
    """Looks at every part, also where the settings refuse to load (see config.ops.bare)."""

    help = (
        "Examine environment, database, Redis, storage, mail, clocks, worker, disks and units. "
        "Exit code: 0 unless there is a fault (or with --strict a warning)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """All of them may be left out."""
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument("--mail-to", metavar="ADDRESS", help="send one test mail there")
        parser.add_argument("--strict", action="store_true", help="warnings are exit code 1, too")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tell each finding as it is made; leave with the exit code."""
        findings = []
        for finding in _findings(options["mail_to"]):
            findings.append(finding)
            if not options["json"]:
                self.stdout.write("\n".join(lines(finding)))
                self.stdout.flush()
        gravest = worst(findings)
        if options["json"]:
            told = [finding.as_json() for finding in findings]
            self.stdout.write(json.dumps({"worst": gravest, "findings": told}, indent=2))
        is_bad = gravest is Level.FAULT or (options["strict"] and gravest is Level.WARNING)
        raise SystemExit(int(is_bad))


def _findings(mail_to: str | None) -> Iterator[Finding]:
    yield from examine()
    if mail_to:
        yield from examine_mail_to(mail_to)
