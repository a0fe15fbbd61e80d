"""Opening conversations, sending over HTTP's path, and read marks."""

import threading
import uuid

import pytest
from django.db import connection

from accounts.models import User
from accounts.services import block_create
from core.errors import BadInputError, NotFoundError, RuleError
from messaging.models import Conversation, Inbox, Member, Message
from messaging.selectors import (
    changed_since,
    conversation_for,
    inbox_version,
    unread_conversations,
    unread_requests,
)
from messaging.services import conversation_open, conversation_read, message_draft
from tests.messaging.conftest import open_chat, say

pytestmark = pytest.mark.django_db


def code_of(error_type, act, **arguments):
    with pytest.raises(error_type) as raised:
        act(**arguments)
    return raised.value.code


def test_two_people_have_one_conversation_whoever_opens_it(ann, bob):
    first = conversation_open(viewer=ann.viewer, user_ids=[bob.id])
    again = conversation_open(viewer=ann.viewer, user_ids=[bob.id, ann.id, bob.id])
    other_side = conversation_open(viewer=bob.viewer, user_ids=[ann.id])
    assert (first.is_new, again.is_new, other_side.is_new) == (True, False, False)
    assert first.conversation_id == again.conversation_id == other_side.conversation_id
    assert Member.objects.count() == Inbox.objects.count() == 2


def test_who_is_not_there_for_the_viewer_cannot_be_written_to(ann, bob, cid):
    block_create(owner_id=bob.id, target=ann.user)
    User.objects.filter(pk=cid.id).update(state="suspended")
    for user_id in (bob.id, cid.id, 2**63 - 1):
        with pytest.raises(NotFoundError):
            conversation_open(viewer=ann.viewer, user_ids=[user_id])
    with pytest.raises(NotFoundError):
        conversation_open(viewer=bob.viewer, user_ids=[ann.id])
    assert Conversation.objects.count() == 0


def test_what_is_no_direct_conversation_is_refused_by_name(ann, bob, cid):
    for user_ids, title, code in (
        ([], "", "conversation_with_self"),
        ([ann.id], "", "conversation_with_self"),
        ([bob.id, cid.id], "", "groups_unavailable"),
        ([bob.id], "us two", "direct_has_no_title"),
    ):
        arguments = {"viewer": ann.viewer, "user_ids": user_ids, "title": title}
        assert code_of(RuleError, conversation_open, **arguments) == code


@pytest.mark.django_db(transaction=True)
def test_both_opening_at_once_make_one_conversation(ann, bob):
    opened, start = [], threading.Barrier(6)

    def act(one, other):
        start.wait()
        try:
            opened.append(conversation_open(viewer=one.viewer, user_ids=[other.id]))
        finally:
            connection.close()

    pairs = [(ann, bob), (bob, ann)] * 3
    threads = [threading.Thread(target=act, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({one.conversation_id for one in opened}) == 1
    assert [one.is_new for one in opened].count(True) == 1
    assert len(opened) == 6
    assert Member.objects.count() == 2


def test_a_message_is_stored_once_per_client_id(ann, bob, chat):
    client_id = uuid.uuid4()
    first = say(ann, chat, "once", client_id=client_id)
    again = say(ann, chat, "twice", client_id=client_id)
    assert (first.is_duplicate, again.is_duplicate) == (False, True)
    assert first.message == again.message
    assert first.message["seq"] == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_message_sent_by_several_threads_is_one_row(ann, chat):
    client_id, sent = uuid.uuid4(), []

    def act():
        try:
            sent.append(say(ann, chat, "once", client_id=client_id))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [one.is_duplicate for one in sent].count(False) == 1
    assert {one.message["id"] for one in sent} == {sent[0].message["id"]}
    assert Message.objects.count() == Conversation.objects.get().last_seq == 1


def test_strangers_and_blocked_people_cannot_write_and_nothing_is_stored(ann, bob, cid, chat):
    with pytest.raises(NotFoundError):
        say(cid, chat, "let me in")
    block_create(owner_id=bob.id, target=ann.user)
    for person in (ann, bob):
        with pytest.raises(NotFoundError):
            say(person, chat, "hello?")
    assert Message.objects.count() == 0


def test_a_text_that_says_nothing_or_too_much_is_refused(ann, chat):
    for body, code in (
        ("", "blank"),
        (" \n", "blank"),
        ("x" * 4001, "max_length"),
        ("\x00", "bad_text"),
        ("\ud800", "bad_text"),
    ):
        fields = {"conversation_id": chat, "client_id": uuid.uuid4(), "body": body}
        told = code_of(BadInputError, message_draft, viewer=ann.viewer, **fields)
        assert (body[:5], told) == (body[:5], code)


def test_reading_goes_forward_only_and_not_beyond_the_last_message(ann, bob, chat):
    for number in range(5):
        say(ann, chat, str(number))

    def read(seq):
        return conversation_read(viewer=bob.viewer, conversation_id=chat, seq=seq)

    assert [read(3), read(1), read(3), read(0), read(99)] == [3, 3, 3, 3, 5]
    assert unread_conversations(user_id=bob.id) == 0


def test_reading_changes_ones_own_inbox_only_and_no_rev(ann, bob, chat):
    say(ann, chat, "one")
    before = {person.id: inbox_version(user_id=person.id) for person in (ann, bob)}
    rev = Conversation.objects.get().rev
    conversation_read(viewer=bob.viewer, conversation_id=chat, seq=1)
    conversation_read(viewer=bob.viewer, conversation_id=chat, seq=1)
    assert inbox_version(user_id=ann.id) == before[ann.id]
    assert inbox_version(user_id=bob.id) == before[bob.id] + 1
    assert Conversation.objects.get().rev == rev
    changed = changed_since(user_id=bob.id, version=before[bob.id])
    assert [c["conversation_id"] for c in changed.conversations] == [str(chat)]


def test_strangers_and_blocked_people_cannot_mark_as_read(ann, bob, cid, chat):
    say(ann, chat, "one")
    with pytest.raises(NotFoundError):
        conversation_read(viewer=cid.viewer, conversation_id=chat, seq=1)
    block_create(owner_id=ann.id, target=bob.user)
    with pytest.raises(NotFoundError):
        conversation_read(viewer=bob.viewer, conversation_id=chat, seq=1)
    assert Member.objects.get(user=bob.id).read_seq == 0


def test_the_badge_counts_conversations_with_something_unread(ann, bob, cid, chat):
    for number in range(3):
        say(ann, chat, str(number))
    say(cid, open_chat(cid, bob), "hello")
    assert [unread_conversations(user_id=p.id) for p in (ann, bob, cid)] == [0, 2, 0]
    conversation_read(viewer=bob.viewer, conversation_id=chat, seq=2)
    assert unread_conversations(user_id=bob.id) == 2
    conversation_read(viewer=bob.viewer, conversation_id=chat, seq=3)
    assert unread_conversations(user_id=bob.id) == 1
    block_create(owner_id=bob.id, target=cid.user)
    assert unread_conversations(user_id=bob.id) == 0
    assert unread_requests(user_id=bob.id) == 0


def test_what_changed_is_told_once_and_a_long_list_in_parts(ann, bob, person, monkeypatch):
    monkeypatch.setattr("messaging.selectors.inboxes.CHANGED_MAX", 3)
    friends = [person() for _ in range(7)]
    chats = [open_chat(friend, ann) for friend in friends]
    for friend, chat in zip(friends, chats, strict=True):
        say(friend, chat, "hello")
    version, told = 0, []
    for _ in range(10):
        changed = changed_since(user_id=ann.id, version=version)
        told += [c["conversation_id"] for c in changed.conversations]
        version = changed.inbox_version
        assert len(changed.conversations) <= 3
    assert told == [str(chat) for chat in chats]
    assert version == inbox_version(user_id=ann.id) == 7


def test_somebody_without_conversations_has_version_zero(ann):
    assert inbox_version(user_id=ann.id) == 0
    assert changed_since(user_id=ann.id, version=0).conversations == []


def test_messages_of_people_who_are_gone_are_hidden_and_leave_no_hole(ann, bob, chat):
    say(ann, chat, "one")
    say(bob, chat, "two")
    User.objects.filter(pk=bob.id).update(state="suspended")
    conversation = conversation_for(viewer=ann.viewer, conversation_id=chat)
    assert conversation["last_seq"] == 2
    hidden = conversation["last_message"]
    assert (hidden["seq"], hidden["kind"], hidden["body"]) == (2, "hidden", "")
    assert (hidden["sender"], hidden["client_id"]) == (None, None)
    assert [m["user"]["id"] for m in conversation["members"]] == [str(ann.id)]
    assert conversation["title"] is None
