"""What open sockets receive: a stand-in for another process that holds them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgpack
import orjson

from core.realtime.routes import node_channel, route_name, topic_key, user_key
from core.redis import sync_redis


@contextmanager
def sockets_of(*, user_ids: tuple[int, ...] = (), topics: tuple[str, ...] = ()) -> Iterator[Any]:
    """`received()` gives the frames since the last call, as (receivers, type, data)."""
    client = sync_redis()
    for route_key in (*map(user_key, user_ids), *map(topic_key, topics)):
        client.sadd(route_name(route_key), "other")
    subscription = client.pubsub()
    subscription.subscribe(node_channel("other"))
    subscription.get_message(timeout=1)

    def received() -> list[tuple[list[str], str, dict[str, Any]]]:
        frames = []
        while message := subscription.get_message(timeout=0.2):
            for kind, text, *keys in msgpack.unpackb(message["data"]):
                if kind in ("close", "leave"):  # An order to the process, and no frame.
                    continue
                frame = orjson.loads(text)
                frames.append((keys, frame["t"], frame["d"]))
        return frames

    try:
        yield received
    finally:
        subscription.close()
