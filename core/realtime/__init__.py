"""The one door to the sockets, for services: push after commit, wherever the receivers are.

Live pushes are a courtesy: PostgreSQL holds the truth, and a client that missed one reads it
there. So nothing here raises or waits long when Redis is away.
"""

import logging
import threading
from collections.abc import Iterable

import orjson
from django.conf import settings
from django.db import transaction

from core.realtime.counts import COUNTS
from core.realtime.envelopes import Envelope, encode, envelope
from core.realtime.process import local_hub
from core.realtime.routes import (
    ALL_NODES,
    PUBLISH_SCRIPT,
    Push,
    by_shard,
    kind_of,
    script_args,
    topic_key,
    user_key,
)
from core.redis import attempt, sync_redis

__all__ = [
    "Envelope",
    "close_sockets",
    "envelope",
    "push_to_topic",
    "push_to_users",
    "stop_watching",
]

log = logging.getLogger(__name__)


def push_to_users(user_ids: Iterable[int], message: Envelope) -> None:
    """After commit, write the envelope to every open socket of these people."""
    keys = tuple(map(user_key, dict.fromkeys(user_ids)))
    _after_commit(Push(keys, kind_of(message["t"]), encode(message)))


def push_to_topic(topic: str, message: Envelope) -> None:
    """After commit, write to every socket that watches the topic, such as `post:15`.

    Only ids and counts, never text: each watcher reads with the rights of his own.
    """
    _after_commit(Push((topic_key(topic),), kind_of(message["t"]), encode(message)))


def close_sockets(user_id: int, session_id: int | None = None, *, code: int = 4401) -> None:
    """After commit, close the person's sockets (of one session, or all) with the close code."""
    order = orjson.dumps({"session_id": session_id, "code": code}).decode()
    _after_commit(Push((user_key(user_id),), "close", order))


def stop_watching(topic: str, *, user_id: int | None = None) -> None:
    """After commit, the person's sockets (or everybody's) watch the topic no longer.

    With a person, a topic that ends with `*` stands for all that begin so.
    """
    keys = (topic_key(topic) if user_id is None else user_key(user_id),)
    _after_commit(Push(keys, "leave", topic_key(topic)))


def _after_commit(push: Push) -> None:
    if not push.keys:
        return

    def deliver() -> None:
        hub = local_hub()
        if hub is not None:
            hub.push_soon(push)
        else:
            attempt(lambda: _publish(push), lambda: _missed(push))

    transaction.on_commit(deliver, robust=True)


#: Set while this process owes everybody a look, for a push that found no Redis.
_has_missed = threading.Event()


def _publish(push: Push) -> None:
    for shard, keys in by_shard(push.keys, len(settings.REDIS_URLS)).items():
        publish = sync_redis(shard).register_script(PUBLISH_SCRIPT)
        publish(args=script_args("", [Push(keys, push.kind, push.text)]))
    if _has_missed.is_set():
        _has_missed.clear()
        sync_redis().publish(ALL_NODES, b"resync")


def _missed(push: Push) -> None:
    COUNTS["push_missed"] += 1
    _has_missed.set()
    log.warning("push missed: Redis is away", extra={"receivers": len(push.keys)})
