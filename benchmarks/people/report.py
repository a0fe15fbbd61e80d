"""What a crowd has seen: percentiles, failures and broken promises, as JSON and back."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """How a number of samples is spread; milliseconds but where another unit is named."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Figures":
        """Of no sample at all everything is 0."""
        if not samples:
            return cls(0, 0.0, 0.0, 0.0, 0.0)
        if len(samples) == 1:
            return cls(1, *(round(samples[0], 2),) * 4)
        steps = statistics.quantiles(samples, n=100, method="inclusive")
        spread = (steps[49], steps[94], steps[98], max(samples))
        return cls(len(samples), *(round(value, 2) for value in spread))


@dataclass(frozen=True, slots=True)
class Failure:
    """A request or command that a person got no good answer to; times are `time.monotonic()`."""

    what: str
    reason: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole run. `broken` names each promise of the chat that was not kept, in words."""

    seed: int
    people: int
    active: int
    seconds: float
    api: Figures
    routes: dict[str, Figures]
    message_delay: Figures
    sent: int
    acknowledged: int
    resent: int
    caught_up: int
    unpushed: int
    repushed: int
    closes: dict[str, int]
    restarting: int
    unannounced: int
    refused_sockets: dict[str, int]
    back_s: Figures
    versions: list[str]
    failures: list[Failure] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self)

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> "Report":
        """The opposite of `as_json`."""
        figures = {name: Figures(**values[name]) for name in ("api", "message_delay", "back_s")}
        routes = {name: Figures(**spread) for name, spread in values["routes"].items()}
        failures = [Failure(**failure) for failure in values["failures"]]
        return cls(**(values | figures | {"routes": routes, "failures": failures}))
