"""A block takes the conversation of the two away from both, live and after a break; it comes back."""

import pytest

from accounts.services import block_create, block_end
from messaging.selectors import changed_since, inbox_version
from messaging.services import conversation_follow_block
from tests.live import sockets_of
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(ann, bob, run_jobs, django_capture_on_commit_callbacks):
    """`told(act)`: what the sockets of the two hear once it is done."""

    def listen(act):
        with sockets_of(user_ids=(ann.id, bob.id)) as received:
            with django_capture_on_commit_callbacks(execute=True):
                act()
                run_jobs()
            return [(keys, type_, data) for keys, type_, data in received()]

    return listen


def heard(person, type_, chat, unread):
    """The conversation, and the badges without it or with it."""
    mine = [f"u:{person.id}"]
    return [
        (mine, type_, {"conversation_id": str(chat)}),
        (mine, "badges.updated", {"messages": unread, "message_requests": 0}),
    ]


def block(one, other):
    block_create(owner_id=one.id, target=other.user)


def unblock(one, other):
    block_end(owner_id=one.id, target_id=other.id)


def changed(person, version):
    found = changed_since(user_id=person.id, version=version)
    return [(int(row["conversation_id"]), row["rev"]) for row in found.conversations]


def test_both_are_told_that_it_is_gone_and_that_it_is_back(ann, bob, chat, told):
    say(ann, chat, "hello")
    assert told(lambda: block(ann, bob)) == [
        *heard(ann, "conversation.removed", chat, 0),
        *heard(bob, "conversation.removed", chat, 0),
    ]
    assert told(lambda: unblock(ann, bob)) == [
        *heard(ann, "conversation.updated", chat, 0),
        *heard(bob, "conversation.updated", chat, 1),
    ]


def test_who_was_away_finds_it_gone_and_later_back(ann, bob, chat, told):
    say(ann, chat, "hello")
    version = inbox_version(user_id=bob.id)
    told(lambda: block(ann, bob))
    assert changed(bob, version) == [(chat, 0)]
    version = inbox_version(user_id=bob.id)
    assert changed(bob, version) == []
    told(lambda: unblock(ann, bob))
    assert changed(bob, version) == [(chat, 1)]


def test_while_the_other_blocks_as_well_it_stays_away(ann, bob, chat, told):
    say(ann, chat, "hello")
    told(lambda: (block(ann, bob), block(bob, ann)))
    assert told(lambda: unblock(ann, bob)) == [
        *heard(ann, "conversation.removed", chat, 0),
        *heard(bob, "conversation.removed", chat, 0),
    ]


def test_where_nothing_was_said_its_opener_alone_is_told(ann, bob, chat, told):
    assert told(lambda: block(bob, ann)) == heard(ann, "conversation.removed", chat, 0)
    assert told(lambda: unblock(bob, ann)) == heard(ann, "conversation.updated", chat, 0)


def test_the_second_block_and_unblock_tell_nobody(ann, bob, chat, told):
    say(ann, chat, "hello")
    told(lambda: block(ann, bob))
    assert told(lambda: block(ann, bob)) == []
    told(lambda: unblock(ann, bob))
    assert told(lambda: unblock(ann, bob)) == []


def test_run_late_or_twice_it_tells_how_things_are(ann, bob, chat, told):
    say(ann, chat, "hello")

    def act():
        block(ann, bob)
        unblock(ann, bob)
        for _ in range(2):
            conversation_follow_block(one_id=bob.id, other_id=ann.id)

    assert {type_ for _, type_, _ in told(act)} == {"conversation.updated", "badges.updated"}
    assert changed(ann, 0) == [(chat, 1)]


def test_people_who_never_wrote_to_each_other_are_left_alone(ann, bob, cid, chat, told):
    say(ann, chat, "hello")
    assert told(lambda: (block(ann, cid), unblock(ann, cid))) == []
