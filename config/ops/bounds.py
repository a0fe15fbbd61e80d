"""A named figure and its limit: what smoke promises, and what db_report watches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """A ceiling that values stay below, or a floor that they reach at least."""

    name: str
    title: str
    unit: str
    limit: float
    is_floor: bool = False

    def holds(self, value: float) -> bool:
        """Whether a measured value is on the right side."""
        return value >= self.limit if self.is_floor else value < self.limit

    @property
    def rule(self) -> str:
        """`< 3 s` or `>= 99 %`."""
        return f"{'>=' if self.is_floor else '<'} {self.limit:g} {self.unit}"
