"""How many commands a person may send: over all of their sockets in this process."""

import time
from dataclasses import dataclass, field

from django.conf import settings

from messaging.constants import COMMANDS_BURST, COMMANDS_PER_S

# Somebody who goes on like this after as many refusals is not a client of ours.
MOST_REFUSED = 100


@dataclass(slots=True)
class Bucket:
    """A token bucket: COMMANDS_BURST at once, then COMMANDS_PER_S."""

    tokens: float = COMMANDS_BURST
    filled_at: float = field(default_factory=time.monotonic)
    refused: int = 0

    def take(self) -> bool:
        """Whether one more command is allowed. RATE_LIMIT_SCALE multiplies, 0 switches off."""
        scale = settings.RATE_LIMIT_SCALE
        if scale == 0:
            return True
        now = time.monotonic()
        gained = (now - self.filled_at) * COMMANDS_PER_S * scale
        self.tokens = min(self.tokens + gained, COMMANDS_BURST * scale)
        self.filled_at = now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        self.refused = 0
        return True

    @property
    def is_flooded(self) -> bool:
        """Whether refusing has not helped."""
        return self.refused > MOST_REFUSED
