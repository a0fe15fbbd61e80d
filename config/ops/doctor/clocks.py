"""Clocks: tokens, signatures and tickets are compared over several machines."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from config.ops.doctor.findings import Finding, fault, ok

#: Tokens forgive 5 s, so that much may be used up between two machines of which each is half off.
MOST_S: Final = 2.0
_MEND: Final = "Let both machines keep time: systemctl enable --now systemd-timesyncd (or chrony)."


def compare(part: str, theirs: datetime, before: datetime, after: datetime) -> Iterator[Finding]:
    """One finding: how far their clock is from this machine's, asked between `before` and `after`."""
    skew = (theirs - (before + (after - before) / 2)).total_seconds()
    found = f"the clock of the {part} is {abs(skew):.1f} s {'ahead' if skew > 0 else 'behind'}"
    if abs(skew) > MOST_S:
        yield fault("clock", found, _MEND)
    else:
        yield ok("clock", found)
