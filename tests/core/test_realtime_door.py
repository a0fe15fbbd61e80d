"""The door for services: after commit, to whoever has a socket anywhere, and never in the way."""

import msgpack
import orjson
import pytest
from django.db import transaction

from core.realtime import close_sockets, envelope, push_to_topic, push_to_users
from core.realtime.counts import COUNTS
from core.realtime.routes import node_channel, route_name, topic_key, user_key
from core.redis import sync_redis

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def node():
    """What another process that holds persons 1 and 2 and a watcher of post:7 receives."""
    client = sync_redis()
    for route_key in (user_key(1), user_key(2), topic_key("post:7")):
        client.sadd(route_name(route_key), "other")
    subscription = client.pubsub()
    subscription.subscribe(node_channel("other"))
    subscription.get_message(timeout=1)

    def received():
        message = subscription.get_message(timeout=0.2)
        return message and msgpack.unpackb(message["data"])

    yield received
    subscription.close()


def test_an_envelope_says_what_when_and_the_data():
    made = envelope("post.counts", {"post_id": "7", "likes_count": 3})
    assert made["t"] == "post.counts"
    assert made["d"] == {"post_id": "7", "likes_count": 3}
    assert made["ts"].endswith("Z")


def test_people_get_one_copy_each_after_commit(node):
    with transaction.atomic():
        push_to_users([1, 2, 3, 1], envelope("badges.updated", {"messages": 1}))
        assert node() is None
    ((kind, text, *keys),) = node()
    assert (kind, keys) == ("frame", ["u:1", "u:2"])
    assert orjson.loads(text)["d"] == {"messages": 1}


def test_nothing_is_pushed_when_the_transaction_is_rolled_back(node):
    with transaction.atomic():
        push_to_users([1], envelope("badges.updated", {}))
        transaction.set_rollback(True)
    assert node() is None


def test_outside_a_transaction_the_push_goes_at_once(node):
    push_to_topic("post:7", envelope("post.counts", {"post_id": "7"}))
    assert [item[2:] for item in node()] == [["t:post:7"]]


def test_closing_names_the_session_and_the_code(node):
    close_sockets(2, session_id=9, code=4403)
    ((kind, text, *keys),) = node()
    assert (kind, keys) == ("close", ["u:2"])
    assert orjson.loads(text) == {"session_id": 9, "code": 4403}


def test_nobody_to_push_to_costs_nothing(node, no_redis):
    before = COUNTS["push_missed"]
    push_to_users([], envelope("badges.updated", {}))
    assert COUNTS["push_missed"] == before


def test_without_redis_a_push_is_counted_and_never_raises(no_redis):
    before = COUNTS["push_missed"]
    with transaction.atomic():
        push_to_users([1], envelope("badges.updated", {}))
        close_sockets(1)
    assert COUNTS["push_missed"] == before + 2
