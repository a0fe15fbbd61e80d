"""Which process holds whom: sets in Redis, and the one script that sends only there.

`route:<key>` is the set of nodes (processes) with a socket for a key, and `node:<id>` the channel
that each node listens on. A key is `u:<user id>` or `t:<topic>`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from core.redis import key

Kind = Literal["frame", "close"]

ALL_NODES = key("nodes")
ROUTE_TTL_S = 86_400


@dataclass(frozen=True, slots=True)
class Push:
    """One text for everybody behind the keys. `close` carries an order for the gateways instead."""

    keys: tuple[str, ...]
    kind: Kind
    text: str


def user_key(user_id: int) -> str:
    """All sockets of one person."""
    return f"u:{user_id}"


def topic_key(topic: str) -> str:
    """All sockets that watch a topic, such as `post:15`."""
    return f"t:{topic}"


def route_name(route_key: str) -> str:
    """The Redis set of nodes that hold this key."""
    return key("route", route_key)


def node_channel(node: str) -> str:
    """The channel on which a node is told what to deliver."""
    return key("node", node)


def alive_name(node: str) -> str:
    """A key that vanishes with a FLUSHALL, by which a node notices that its routes are gone."""
    return key("alive", node)


def by_shard(keys: Iterable[str], shards: int) -> dict[int, tuple[str, ...]]:
    """Spread keys over the Redis servers of REDIS_URL: the same key always to the same one."""
    if shards == 1:
        return {0: tuple(keys)}
    spread: dict[int, list[str]] = {}
    for route_key in keys:
        spread.setdefault(crc32(route_key.encode()) % shards, []).append(route_key)
    return {shard: tuple(part) for shard, part in spread.items()}


def script_args(sender: str, pushes: Sequence[Push]) -> list[str]:
    """The arguments of PUBLISH_SCRIPT; `sender` is the node that needs no copy, or empty."""
    args = [sender]
    for push in pushes:
        args += [str(len(push.keys)), push.kind, push.text, *push.keys]
    return args


# One call sends any number of pushes: each node gets one PUBLISH with all that concerns it,
# [[kind, text, key…], …] in msgpack. A node that nobody listens for was killed: its routes go.
# The keys are computed, so this needs a Redis that is not a cluster (several: by_shard).
PUBLISH_SCRIPT = f"""
local sender, i, total, parcels = ARGV[1], 2, #ARGV, {{}}
while i <= total do
  local count, kind, text, items = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2], {{}}
  for j = i + 3, i + 2 + count do
    for _, node in ipairs(redis.call('SMEMBERS', '{route_name("")}' .. ARGV[j])) do
      if node ~= sender then
        local item = items[node]
        if not item then
          item = {{kind, text}}
          items[node] = item
          local parcel = parcels[node] or {{}}
          parcels[node] = parcel
          parcel[#parcel + 1] = item
        end
        item[#item + 1] = ARGV[j]
      end
    end
  end
  i = i + 3 + count
end
for node, parcel in pairs(parcels) do
  if redis.call('PUBLISH', '{node_channel("")}' .. node, cmsgpack.pack(parcel)) == 0 then
    for _, item in ipairs(parcel) do
      for j = 3, #item do redis.call('SREM', '{route_name("")}' .. item[j], node) end
    end
  end
end
"""
