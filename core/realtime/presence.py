"""Who is online: one hash in Redis for each person with their sockets, and when the last one went.

`pr:<user>` maps a socket (`<node>:<number>`) to `<expiry>:<state>`; a socket of a killed process
expires. It is what the cap of sockets a person is counted by, too. Redis without it is no loss:
processes write it anew within REFRESH_S.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from django.conf import settings

from core.realtime.routes import by_shard, node_channel, user_key
from core.realtime.trips import Lua
from core.redis import attempt, key, sync_redis

State = Literal["active", "away", "offline"]

REFRESH_S: Final = 30
#: Two refreshes may fail.
EXPIRY_S: Final = 75
SEEN_TTL_S: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody is there, and if not, since when (None: not known, or not told)."""

    state: State
    seen_at: datetime | None = None


OFFLINE = Presence("offline")

_STATE = """
local now = tonumber(redis.call('TIME')[1])
local function look(name)
  local found, count, all = 'offline', 0, redis.call('HGETALL', name)
  for i = 1, #all, 2 do
    local ends, state = string.match(all[i + 1], '^(%d+):(%a+)$')
    if tonumber(ends) <= now then
      redis.call('HDEL', name, all[i])
    else
      count = count + 1
      if state == 'active' then found = state elseif found == 'offline' then found = state end
    end
  end
  return found, count
end
"""

# KEYS: person, when seen. ARGV: socket, its state (or gone), seconds to expiry, most sockets.
# Gives the person's state before and after, and whether the socket may be there. At the cap the
# sockets of processes that listen no more are taken out first: those were killed.
TOUCH = Lua(
    _STATE
    + f"""
local before, count = look(KEYS[1])
if ARGV[2] == 'gone' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  if count >= tonumber(ARGV[4]) and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
    for _, socket in ipairs(redis.call('HKEYS', KEYS[1])) do
      local channel = '{node_channel("")}' .. string.match(socket, '^[^:]*')
      if redis.call('PUBSUB', 'NUMSUB', channel)[2] == 0 then
        redis.call('HDEL', KEYS[1], socket)
        count = count - 1
      end
    end
    if count >= tonumber(ARGV[4]) then return {{before, before, 0}} end
  end
  redis.call('HSET', KEYS[1], ARGV[1], (now + ARGV[3]) .. ':' .. ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
local after = look(KEYS[1])
if after == 'offline' and before ~= 'offline' then
  redis.call('SET', KEYS[2], now, 'EX', {SEEN_TTL_S})
end
return {{before, after, 1}}
"""
)

# KEYS: person, when seen, person, when seen, ... Gives a state and a time (or nothing) for each.
LOOK = Lua(
    _STATE
    + """
local found = {}
for i = 1, #KEYS, 2 do
  found[i] = look(KEYS[i])
  found[i + 1] = redis.call('GET', KEYS[i + 1]) or ''
end
return found
"""
)


def presence_names(user_id: int) -> list[str]:
    """The keys of one person."""
    return [key("pr", user_id), key("seen", user_id)]


def look_names(user_ids: Iterable[int]) -> list[str]:
    """KEYS of LOOK."""
    return [name for user_id in user_ids for name in presence_names(user_id)]


def looked(user_ids: Sequence[int], answer: Sequence[Any] | None) -> dict[int, Presence]:
    """What LOOK said about these people; nobody is online when it said nothing."""
    if answer is None:
        return dict.fromkeys(user_ids, OFFLINE)
    pairs = zip(answer[::2], answer[1::2], strict=True)
    return {
        user_id: _presence(state.decode(), seen.decode())
        for user_id, (state, seen) in zip(user_ids, pairs, strict=True)
    }


def presence_of(user_ids: Iterable[int]) -> dict[int, Presence]:
    """Who of these is online; for threads. While Redis is away nobody is."""
    by_key = {user_key(user_id): user_id for user_id in user_ids}
    found: dict[int, Presence] = {}
    for shard, keys in by_shard(by_key, len(settings.REDIS_URLS)).items():
        ids = [by_key[route_key] for route_key in keys]
        found |= looked(ids, attempt(lambda: _ask(shard, ids), lambda: None))  # noqa: B023
    return found


def _ask(shard: int, user_ids: Sequence[int]) -> Any:
    script = sync_redis(shard).register_script(LOOK.text)
    return script(keys=look_names(user_ids))


def _presence(state: str, seen: str) -> Presence:
    if state == "offline":
        return Presence("offline", datetime.fromtimestamp(int(seen), UTC) if seen else None)
    return Presence("active" if state == "active" else "away")
