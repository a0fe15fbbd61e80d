"""What was measured and what could not be, for people and for machines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from config.ops.bounds import Bound


class ExitCode(IntEnum):
    """What a script learns. An incomplete picture says more than a missed limit: it comes first."""

    KEPT = 0
    MISSED = 1
    NOT_MEASURED = 2


class NotMeasuredError(Exception):
    """A figure cannot be had: what is in the way, and what to do about it."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.problem, self.mend = problem, mend


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value in the promise's unit, and what stands behind it."""

    value: float
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One promise: its figure, or why there is none."""

    promise: Bound
    figure: Figure | None = None
    problem: str = ""
    mend: str = ""

    @property
    def word(self) -> str:
        """`ok`, `MISSED` or `NOT MEASURED`."""
        if self.figure is None:
            return "NOT MEASURED"
        return "ok" if self.promise.holds(self.figure.value) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        """Value and limit in the unit that the metric's name ends with; null where not measured."""
        return {
            "value": None if self.figure is None else round(self.figure.value, 3),
            "limit": self.promise.limit,
            "kept": None if self.figure is None else self.promise.holds(self.figure.value),
            "detail": {} if self.figure is None else self.figure.detail,
            "problem": self.problem,
            "mend": self.mend,
        }


def exit_code(outcomes: Sequence[Outcome]) -> ExitCode:
    """NOT_MEASURED if anything is missing, else MISSED if a limit was, else KEPT."""
    words = {outcome.word for outcome in outcomes}
    if "NOT MEASURED" in words:
        return ExitCode.NOT_MEASURED
    return ExitCode.MISSED if "MISSED" in words else ExitCode.KEPT


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """One line a promise; below a figure that is missing, what to do."""
    lines = []
    for outcome in outcomes:
        lines.append(_line(outcome))
        if outcome.figure is None:
            lines += [f"    {outcome.problem}", f"    {outcome.mend}"]
    return lines


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: an observed value, never one between two."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def _line(outcome: Outcome) -> str:
    promise, figure = outcome.promise, outcome.figure
    value = "-" if figure is None else f"{figure.value:.2f} {promise.unit}"
    detail = "" if figure is None else ", ".join(f"{k} {v}" for k, v in figure.detail.items())
    return (
        f"{outcome.word:<13}{promise.title:<20}{value:>12}  {promise.rule:<10}  {detail}".rstrip()
    )
