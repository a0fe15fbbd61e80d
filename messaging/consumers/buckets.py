"""How many commands a person may send: over all of their sockets in all processes."""

import time
from dataclasses import dataclass, field

from django.conf import settings

from core.realtime.trips import Lua, Trips
from core.redis import key
from messaging.constants import COMMANDS_BURST, COMMANDS_PER_S

# Somebody who goes on like this after as many refusals is not a client of ours. Each command that
# is allowed makes up for a few: a flood has many more refusals for each.
MOST_REFUSED = 100
FORGIVEN = 5

# A token bucket: KEYS[1] holds "tokens:filled at"; ARGV: tokens a second, and the most there are.
TAKE = Lua(
    """
local t = redis.call('TIME')
local now, rate, most = t[1] + t[2] / 1000000, tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens, at = string.match(redis.call('GET', KEYS[1]) or '', '^(.+):(.+)$')
tokens = tokens and math.min(most, tokens + (now - at) * rate) or most
local allowed = tokens >= 1
if allowed then tokens = tokens - 1 end
redis.call('SET', KEYS[1], string.format('%.6f:%.6f', tokens, now), 'PX',
  math.ceil(most / rate * 1000))
return allowed and 1 or 0
"""
)


@dataclass(slots=True)
class Bucket:
    """The same inside this process, for while Redis does not answer."""

    tokens: float = COMMANDS_BURST
    filled_at: float = field(default_factory=time.monotonic)
    refused: int = 0

    def take(self, scale: float) -> bool:
        """Whether one more command is allowed."""
        now = time.monotonic()
        gained = (now - self.filled_at) * COMMANDS_PER_S * scale
        self.tokens = min(self.tokens + gained, COMMANDS_BURST * scale)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    @property
    def is_flooded(self) -> bool:
        """Whether refusing has not helped."""
        return self.refused > MOST_REFUSED


class Buckets:
    """COMMANDS_BURST at once, then COMMANDS_PER_S, for each person; shared through Redis."""

    def __init__(self, trips: Trips) -> None:
        self._trips = trips
        self._local: dict[int, Bucket] = {}

    def of(self, user_id: int) -> Bucket:
        """What this process keeps about the person."""
        return self._local.setdefault(user_id, Bucket())

    def forget(self, user_id: int) -> None:
        """The person's last socket here is gone."""
        self._local.pop(user_id, None)

    async def take(self, user_id: int) -> bool:
        """Whether one more command is allowed. RATE_LIMIT_SCALE multiplies, 0 switches off."""
        scale = settings.RATE_LIMIT_SCALE
        if scale == 0:
            return True
        bucket = self.of(user_id)
        name = key("cmd", user_id)
        rate, most = COMMANDS_PER_S * scale, COMMANDS_BURST * scale
        answer = await self._trips.call(TAKE, [name], [rate, most])
        is_allowed = bucket.take(scale) if answer is None else answer == 1
        bucket.refused = max(0, bucket.refused + (-FORGIVEN if is_allowed else 1))
        return is_allowed
