"""Restricted people write to the requests folder, and learn nothing of what is read."""

from uuid import UUID

import pytest

from accounts.constants import RelationKind
from accounts.services import relation_end, relation_set
from core.viewer import Viewer
from messaging.selectors import conversation_for, unread_conversations, unread_requests
from messaging.services import (
    conversation_follow_restriction,
    conversation_open,
    conversation_read,
    message_draft,
    message_send,
)
from tests.live import sockets_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def write():
    """`write(sender, receiver)`: a direct message; gives the conversation's id."""
    numbers = iter(range(1, 100))

    def send(sender, receiver):
        viewer = Viewer(id=sender.pk)
        opened = conversation_open(viewer=viewer, user_ids=[receiver.pk])
        draft = message_draft(
            viewer=viewer,
            conversation_id=opened.conversation_id,
            client_id=UUID(int=next(numbers)),
            body="Hello",
        )
        message_send(viewer=viewer, draft=draft)
        return opened.conversation_id

    return send


def restrict(owner, target):
    relation_set(owner_id=owner.pk, target=target, kind=RelationKind.RESTRICT)


def unread(person):
    return unread_conversations(user_id=person.pk), unread_requests(user_id=person.pk)


def folder(person, conversation_id):
    viewer = Viewer(id=person.pk)
    return conversation_for(viewer=viewer, conversation_id=conversation_id)["folder"]


def test_a_new_conversation_lies_among_the_requests(user, other_user, write):
    restrict(user, other_user)
    conversation_id = write(other_user, user)
    assert folder(user, conversation_id) == "requests"
    assert folder(other_user, conversation_id) == "primary"
    assert unread(user) == (0, 1)


def test_an_old_one_moves_there_and_back(
    user, other_user, write, run_jobs, django_capture_on_commit_callbacks
):
    conversation_id = write(other_user, user)
    assert unread(user) == (1, 0)
    restrict(user, other_user)
    with sockets_of(user_ids=(user.pk, other_user.pk)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            run_jobs()
            conversation_follow_restriction(owner_id=user.pk, other_id=other_user.pk)
        frames = [(keys, type_) for keys, type_, _ in received()]
    mine = [f"u:{user.pk}"]
    assert frames == [(mine, "conversation.updated"), (mine, "badges.updated")]
    assert (folder(user, conversation_id), unread(user)) == ("requests", (0, 1))
    relation_end(owner_id=user.pk, target_id=other_user.pk, kind=RelationKind.RESTRICT)
    run_jobs()
    assert (folder(user, conversation_id), unread(user)) == ("primary", (1, 0))


def test_read_marks_are_hidden_from_whom_one_restricts(
    user, other_user, write, django_capture_on_commit_callbacks
):
    conversation_id = write(other_user, user)
    restrict(user, other_user)
    with sockets_of(user_ids=(user.pk, other_user.pk)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            conversation_read(viewer=Viewer(id=user.pk), conversation_id=conversation_id, seq=1)
        told = [keys for keys, type_, _ in received() if type_ == "read.updated"]
    assert told == [[f"u:{user.pk}"]]

    def marks(person):
        shape = conversation_for(viewer=Viewer(id=person.pk), conversation_id=conversation_id)
        return {member["user"]["id"]: member["read_seq"] for member in shape["members"]}

    assert marks(other_user) == {str(user.pk): 0, str(other_user.pk): 1}
    assert marks(user) == {str(user.pk): 1, str(other_user.pk): 1}


def test_people_who_never_wrote_to_each_other_are_left_alone(user, other_user, run_jobs):
    restrict(user, other_user)
    run_jobs()
    conversation_follow_restriction(owner_id=user.pk, other_id=other_user.pk)
    assert unread(user) == (0, 0)
