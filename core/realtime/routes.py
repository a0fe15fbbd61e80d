"""Which process holds whom: sets in Redis, and the one script that sends only there.

`route:<key>` is the set of nodes (processes) with a socket for a key, and `node:<id>` the channel
that each node listens on. A key is `u:<user id>` or `t:<topic>`.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from zlib import crc32

import msgpack

from core.redis import key

Kind = Literal["frame", "ephemeral", "close", "leave"]
#: Frames that may be dropped for a slow reader: the next one, or a look, says the same.
EPHEMERAL = frozenset({"typing", "presence.update", "post.counts"})

ALL_NODES = key("nodes")
ROUTE_TTL_S = 86_400


class Push(NamedTuple):
    """One text for everybody behind the keys.

    An ephemeral one is dropped first where a socket is slow. `close` and `leave` carry an order for
    the gateways instead: to close sockets, to let them watch a topic no longer.
    """

    keys: tuple[str, ...]
    kind: Kind
    text: str


def user_key(user_id: int) -> str:
    """All sockets of one person."""
    return f"u:{user_id}"


def topic_key(topic: str) -> str:
    """All sockets that watch a topic, such as `post:15`."""
    return f"t:{topic}"


def kind_of(type_: str) -> Kind:
    """Which kind of push carries an envelope of this type."""
    return "ephemeral" if type_ in EPHEMERAL else "frame"


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


def script_args(sender: str, pushes: Sequence[Push]) -> list[str | bytes]:
    """The arguments of PUBLISH_SCRIPT; `sender` is the node that needs no copy, or empty.

    All pushes are one argument: redis-py spends more on many words than msgpack on all of them.
    """
    return [sender, msgpack.packb([[push.kind, push.text, *push.keys] for push in pushes])]


# One call sends any number of pushes: each node gets one PUBLISH with all that concerns it,
# [[kind, text, key, ...], ...] in msgpack, as they come. A node that nobody listens for was killed:
# its routes go. The keys are computed, so this needs a Redis that is not a cluster (several:
# by_shard).
PUBLISH_SCRIPT = f"""
local sender, parcels = ARGV[1], {{}}
for _, push in ipairs(cmsgpack.unpack(ARGV[2])) do
  local items = {{}}
  for j = 3, #push do
    for _, node in ipairs(redis.call('SMEMBERS', '{route_name("")}' .. push[j])) do
      if node ~= sender then
        local item = items[node]
        if not item then
          item = {{push[1], push[2]}}
          items[node] = item
          local parcel = parcels[node] or {{}}
          parcels[node] = parcel
          parcel[#parcel + 1] = item
        end
        item[#item + 1] = push[j]
      end
    end
  end
end
for node, parcel in pairs(parcels) do
  if redis.call('PUBLISH', '{node_channel("")}' .. node, cmsgpack.pack(parcel)) == 0 then
    for _, item in ipairs(parcel) do
      for j = 3, #item do redis.call('SREM', '{route_name("")}' .. item[j], node) end
    end
  end
end
"""
