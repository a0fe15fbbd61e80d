"""The five promises; deploy/constants.toml [success] has the same numbers, held by a test."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Promise:
    """One figure and its limit. All but availability are broken by more, availability by less."""

    name: str
    title: str
    unit: str
    limit: float
    is_floor: bool = False

    def holds(self, value: float) -> bool:
        """Whether a measured value keeps it."""
        return value >= self.limit if self.is_floor else value < self.limit


PROMISES: Final = (
    Promise("page_s", "page load", "s", 3.0),
    Promise("api_ms", "API answer, p95", "ms", 500),
    Promise("message_ms", "live message, p95", "ms", 100),
    Promise("upload_s", "picture to post", "s", 5.0),
    Promise("uptime_percent", "availability", "%", 99.0, is_floor=True),
)
