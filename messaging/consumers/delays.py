"""How long live messages take, for the log: from a frame's arrival to the sockets of this process."""

import logging
import random

log = logging.getLogger(__name__)

MOST_KEPT = 5_000


class Delays:
    """The delays since the last report; of very many a fair sample."""

    def __init__(self) -> None:
        self._kept_s: list[float] = []
        self._count = 0

    def add(self, delay_s: float) -> None:
        """Note one message."""
        self._count += 1
        if len(self._kept_s) < MOST_KEPT:
            self._kept_s.append(delay_s)
            return
        place = random.randrange(self._count)  # noqa: S311  a sample, not a secret
        if place < MOST_KEPT:
            self._kept_s[place] = delay_s

    def report(self) -> None:
        """Log p50 and p99 in milliseconds and begin anew; nothing where there were no messages."""
        kept_s, count = sorted(self._kept_s), self._count
        self._kept_s, self._count = [], 0
        if count:
            log.info(
                "message delay",
                extra={
                    "event": "message_delay",
                    "p50_ms": _percentile_ms(kept_s, 50),
                    "p99_ms": _percentile_ms(kept_s, 99),
                    "count": count,
                },
            )


def _percentile_ms(ordered_s: list[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed."""
    place = -(-len(ordered_s) * percent // 100) - 1
    return round(ordered_s[place] * 1000, 1)
