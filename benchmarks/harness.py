"""What a measurement is, and how samples become a figure."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure. `peer` names what it was compared with, `ratio` is the peer's value by ours.

    `required` is the most that `value` may be, or the least if `is_least`; `rows` says what it was
    measured on, `load` on what machine and how busy that was.
    """

    name: str
    value: float
    unit: str
    samples: int
    rows: str
    required: float | None = None
    is_least: bool = False
    peer: str | None = None
    ratio: float | None = None
    load: str
    date: str

    @property
    def is_met(self) -> bool:
        """Whether the figure is within what is required of it."""
        if self.required is None:
            return True
        return self.value >= self.required if self.is_least else self.value <= self.required

    @property
    def bound(self) -> str:
        """What is required, in words."""
        return f"at {'least' if self.is_least else 'most'} {self.required:g}"

    def as_json(self) -> dict[str, Any]:
        """The object in results.json."""
        return asdict(self)


def progress(text: str) -> None:
    """Say on the terminal what is going on."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def timed_ms(act: Callable[[], object]) -> float:
    """Run it once; how long that took, in milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def p50(samples: Sequence[float]) -> float:
    """The median."""
    return statistics.median(samples)


def p95(samples: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(samples, n=20, method="inclusive")[-1]


def today() -> str:
    """The date in UTC, as results carry it."""
    return datetime.now(UTC).date().isoformat()


def machine() -> str:
    """How many cores, and how busy they were during the last minute."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
