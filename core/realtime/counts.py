"""How often live delivery went wrong in this process; read by health checks and tests."""

from collections import Counter
from typing import Literal

Count = Literal[
    "push_missed", "bus_dropped", "bus_gap", "slow_reader", "ephemeral_dropped", "resync"
]

COUNTS: Counter[Count] = Counter()
