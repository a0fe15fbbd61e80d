"""One finding a line: what was looked at, what was found, how to mend it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """`warning`: it works, but not for ever, or it could not be looked at. `fault`: it does not."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` is empty only where all is well."""

    part: str
    level: Level
    found: str
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)


def ok(part: str, found: str) -> Finding:
    """All is well."""
    return Finding(part, Level.OK, found)


def warning(part: str, found: str, mend: str) -> Finding:
    """Somebody should look at it in the next days."""
    return Finding(part, Level.WARNING, found, mend)


def fault(part: str, found: str, mend: str) -> Finding:
    """Something does not work."""
    return Finding(part, Level.FAULT, found, mend)


def lines(finding: Finding) -> list[str]:
    """For people: the finding, and below it how to mend it."""
    first = f"{finding.level:<8} {finding.part:<12} {finding.found}"
    return [first, *(f"{'':<22}{line}" for line in finding.mend.splitlines())]


def worst(findings: Sequence[Finding]) -> Level:
    """The gravest level among them."""
    levels = {finding.level for finding in findings}
    return next(level for level in reversed(Level) if level in levels or level is Level.OK)
