"""How many commands a person may send: over all of their sockets in all processes."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings

from core.realtime.trips import Lua, Trips
from core.redis import key
from messaging.constants import COMMANDS_BURST, COMMANDS_PER_S

# Somebody who goes on like this after as many refusals is not a client of ours. Each command that
# is allowed makes up for a few: a flood has many more refusals for each.
MOST_REFUSED = 100
FORGIVEN = 5

#: Somebody with this part of the burst left is believed at once; Redis is told a moment later.
TRUSTED = 0.5
TELL_AFTER_S = 0.1

# A token bucket: KEYS[1] holds "tokens:filled at"; ARGV: tokens a second, the most there are, and
# how many are taken. Gives whether they were there, and how many thousandths are left.
TAKE = Lua(
    """
local t = redis.call('TIME')
local now, rate, most = t[1] + t[2] / 1000000, tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted = tonumber(ARGV[3])
local tokens, at = string.match(redis.call('GET', KEYS[1]) or '', '^(.+):(.+)$')
tokens = tokens and math.min(most, tokens + (now - at) * rate) or most
local allowed = tokens >= wanted
if allowed or wanted > 1 then tokens = math.max(0, tokens - wanted) end
redis.call('SET', KEYS[1], string.format('%.6f:%.6f', tokens, now), 'PX',
  math.ceil(most / rate * 1000))
return {allowed and 1 or 0, math.floor(tokens * 1000)}
"""
)


@dataclass(slots=True)
class Bucket:
    """What this process knows of a person's bucket; and one of its own, while Redis is away."""

    tokens: float = COMMANDS_BURST
    filled_at: float = field(default_factory=time.monotonic)
    refused: int = 0
    #: What Redis said was left, and when; nothing before it was asked.
    left: float = -math.inf
    left_at: float = 0.0
    #: Taken on trust, and Redis has not answered yet.
    owed: int = 0

    def take(self, scale: float) -> bool:
        """Whether one more command is allowed, as far as this process can tell alone."""
        now = time.monotonic()
        gained = (now - self.filled_at) * COMMANDS_PER_S * scale
        self.tokens = min(self.tokens + gained, COMMANDS_BURST * scale)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def has_plenty(self, scale: float) -> bool:
        """Whether so much is left that one more need not wait for Redis."""
        most = COMMANDS_BURST * scale
        gained = (time.monotonic() - self.left_at) * COMMANDS_PER_S * scale
        return min(self.left + gained, most) - self.owed >= most * TRUSTED

    @property
    def is_flooded(self) -> bool:
        """Whether refusing has not helped."""
        return self.refused > MOST_REFUSED

    def told(self, answer: list[int] | None, scale: float) -> bool:
        """Take in what Redis said; whether the command is allowed."""
        if answer is None:
            is_allowed = self.take(scale)
        else:
            is_allowed = answer[0] == 1
            self.left, self.left_at = answer[1] / 1000, time.monotonic()
        self.refused = max(0, self.refused + (-FORGIVEN if is_allowed else 1))
        return is_allowed


class Buckets:
    """COMMANDS_BURST at once, then COMMANDS_PER_S, for each person; shared through Redis.

    A round trip for each command would cost more than the command, so whoever has plenty left is
    believed. Somebody in several processes can so get TRUSTED of a burst too much in each, once.
    """

    def __init__(self, trips: Trips) -> None:
        self._trips = trips
        self._local: dict[int, Bucket] = {}
        self._untold: dict[int, int] = {}
        self._timer: asyncio.TimerHandle | None = None

    def of(self, user_id: int) -> Bucket:
        """What this process keeps about the person."""
        return self._local.setdefault(user_id, Bucket())

    def forget(self, user_id: int) -> None:
        """The person's last socket here is gone."""
        self._local.pop(user_id, None)

    def stop(self) -> None:
        """Tell no more."""
        if self._timer is not None:
            self._timer.cancel()

    def may_take_now(self, user_id: int) -> bool:
        """Whether one command may be taken without a question."""
        scale = settings.RATE_LIMIT_SCALE
        return scale == 0 or self.of(user_id).has_plenty(scale)

    def take_now(self, user_id: int) -> bool:
        """Take one command where that needs no question; False says nothing but to ask `take`."""
        if not self.may_take_now(user_id):
            return False
        scale = settings.RATE_LIMIT_SCALE
        if scale == 0:
            return True
        self.of(user_id).owed += 1
        if not self._untold:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(TELL_AFTER_S, self._tell_all, scale)
        self._untold[user_id] = self._untold.get(user_id, 0) + 1
        return True

    async def take(self, user_id: int) -> bool:
        """Whether one more command is allowed. RATE_LIMIT_SCALE multiplies, 0 switches off."""
        scale = settings.RATE_LIMIT_SCALE
        if scale == 0:
            return True
        bucket = self.of(user_id)
        self._tell(user_id, scale)
        return bucket.told(await self._ask(user_id, 1, scale), scale)

    def _tell_all(self, scale: float) -> None:
        for user_id in list(self._untold):
            self._tell(user_id, scale)

    def _tell(self, user_id: int, scale: float) -> None:
        """What was taken on trust; whoever asks next must not get it a second time."""
        count = self._untold.pop(user_id, 0)
        if count:
            answer = self._ask(user_id, count, scale)
            answer.add_done_callback(partial(_settle, self.of(user_id), count, scale))

    def _ask(self, user_id: int, count: int, scale: float) -> "asyncio.Future[list[int] | None]":
        rate, most = COMMANDS_PER_S * scale, COMMANDS_BURST * scale
        return self._trips.ask(TAKE, [key("cmd", user_id)], [rate, most, count])


def _settle(
    bucket: Bucket, count: int, scale: float, answer: "asyncio.Future[list[int] | None]"
) -> None:
    bucket.owed -= count
    if not answer.cancelled():
        bucket.told(answer.result(), scale)
