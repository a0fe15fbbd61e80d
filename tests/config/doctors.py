"""Runs doctor, and picks among what it found."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from config.ops.doctor.findings import Finding, Level, worst
from tests.config.test_env import SAFE
from tests.house.rules import ROOT

# Complete, and nothing answers there: no test looks at this machine's own services.
ALONE = SAFE | {
    "DATABASE_URL": "postgresql://jyoti:hidden-one@127.0.0.1:1/jyoti",
    "REDIS_URL": "redis://:hidden-two@127.0.0.1:1/0",
    "MEDIA_BACKEND_URL": "file:///nonexistent/media",
    "MAIL_URL": "smtp://jyoti:hidden-three@127.0.0.1:1",
}


def doctor(*arguments: str, **environ: str) -> tuple[int, list[Finding]]:
    """Exit code and findings of a new process that has these variables and no others."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            **environ,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.stdout, ran.stderr
    document = json.loads(ran.stdout)
    findings = [Finding(**{**each, "level": Level(each["level"])}) for each in document["findings"]]
    assert document["worst"] == worst(findings)
    return ran.returncode, findings


def of(findings: list[Finding], part: str, level: Level) -> list[str]:
    """What was found about a part at a level."""
    return [each.found for each in findings if (each.part, each.level) == (part, level)]


def only(findings: Iterator[Finding], level: Level = Level.FAULT) -> Finding:
    """The one finding of this level."""
    (found,) = [finding for finding in findings if finding.level is level]
    return found


def levels(findings: Iterator[Finding]) -> set[Level]:
    return {finding.level for finding in findings}
