"""The statement that writes messages: numbers without holes, one row per client_id, no deadlock."""

import random
import threading
import uuid

import psycopg
import pytest
from django.db import connection

from accounts.services import block_create, block_end
from core.errors import NotFoundError, RuleError
from messaging.models import Conversation, Inbox, Member, Message
from messaging.services import Draft, Written
from messaging.services.batcher import conninfo
from messaging.services.writing import STATEMENT, outcomes, statement_params
from tests.messaging.conftest import open_chat

pytestmark = pytest.mark.django_db(transaction=True)


def draft(person, conversation_id, body="text", **fields):
    return Draft(conversation_id, person.id, fields.pop("client_id", uuid.uuid4()), body, **fields)


def write(drafts, conn=None):
    """Run the statement for these drafts on a psycopg connection (default: Django's own)."""
    if conn is None:
        connection.ensure_connection()
        conn = connection.connection
    cursor = psycopg.Cursor(conn)
    rows = cursor.execute(STATEMENT, statement_params(drafts)).fetchall()
    return outcomes(drafts, rows)


def new_connection():
    return psycopg.connect(conninfo(connection.settings_dict), autocommit=True)


def test_parallel_senders_in_conversations_with_shared_members(ann, bob, cid):
    """Four connections write mixed batches; every conversation counts 1, 2, 3 … in commit order."""
    chats = {open_chat(x, y): (x, y) for x, y in ((ann, bob), (bob, cid), (cid, ann))}
    errors, written = [], []

    def sender(seed):
        choose = random.Random(seed)
        try:
            with new_connection() as conn:
                for _ in range(40):
                    picks = choose.choices(list(chats), k=choose.randint(1, 6))
                    drafts = [draft(choose.choice(chats[pick]), pick) for pick in picks]
                    written.extend(write(drafts, conn))
        except psycopg.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=sender, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    for conversation in Conversation.objects.all():
        rows = list(Message.objects.filter(conversation=conversation).order_by("id"))
        seqs = sorted(row.seq for row in rows)
        assert seqs == list(range(1, len(rows) + 1))
        assert [row.rev for row in rows] == [row.seq for row in rows]
        assert (conversation.last_seq, conversation.rev) == (len(rows), len(rows))
        by_seq = sorted(rows, key=lambda row: row.seq)
        assert [r.created_at for r in by_seq] == sorted(r.created_at for r in by_seq)
        stored = {(row.client_id, row.seq) for row in rows}
        told = {
            (d.client_id, o.row.seq) for d, o in written if d.conversation_id == conversation.pk
        }
        assert stored == told
    for inbox in Inbox.objects.all():
        versions = Member.objects.filter(user=inbox.user_id).values_list(
            "changed_version", flat=True
        )
        assert max(versions) == inbox.version > 0


def test_each_batch_counts_every_members_inbox_once(ann, bob, cid, chat):
    other_chat = open_chat(ann, cid)
    before = {inbox.pk: inbox.version for inbox in Inbox.objects.all()}
    write([draft(ann, chat), draft(ann, chat), draft(ann, other_chat)])
    after = {inbox.pk: inbox.version for inbox in Inbox.objects.all()}
    assert {user_id: after[user_id] - before[user_id] for user_id in after} == {
        ann.id: 1,
        bob.id: 1,
        cid.id: 1,
    }


def test_a_batch_keeps_the_order_of_its_drafts(ann, bob, chat):
    drafts = [draft(ann if number % 3 else bob, chat, str(number)) for number in range(20)]
    told = [(o.row.seq, o.row.body) for _, o in write(drafts)]
    assert told == [(number + 1, str(number)) for number in range(20)]


def test_sending_marks_as_read_for_the_sender_only(ann, bob, chat):
    write([draft(ann, chat), draft(bob, chat), draft(ann, chat), draft(ann, chat)])
    assert dict(Member.objects.values_list("user", "read_seq")) == {ann.id: 4, bob.id: 2}


def test_a_repeated_client_id_gives_the_first_row_whatever_it_says_now(ann, bob, chat):
    first = draft(ann, chat, "once")
    ((_, outcome),) = write([first])
    versions = dict(Inbox.objects.values_list("pk", "version"))
    ((_, again),) = write([draft(ann, chat, "twice", client_id=first.client_id)])
    assert again.is_duplicate
    assert (again.row, again.member_ids) == (outcome.row, ())
    assert Conversation.objects.get(pk=chat).last_seq == 1
    assert dict(Inbox.objects.values_list("pk", "version")) == versions


def test_client_ids_are_the_senders_own(ann, bob, chat):
    client_id = uuid.uuid4()
    ((_, one),) = write([draft(ann, chat, client_id=client_id)])
    ((_, two),) = write([draft(bob, chat, client_id=client_id)])
    assert (one.row.seq, two.row.seq) == (1, 2)
    assert not two.is_duplicate


def test_who_may_not_write_there_is_told_nothing_and_others_are_written(ann, bob, cid, chat):
    absent = 2**63 - 1
    pairs = write([draft(cid, chat), draft(ann, absent), draft(ann, chat)])
    refused = [outcome for _, outcome in pairs if not isinstance(outcome, Written)]
    assert [type(outcome) for outcome in refused] == [NotFoundError, NotFoundError]
    assert list(Message.objects.values_list("sender", "seq")) == [(ann.id, 1)]


def test_a_member_who_left_may_not_write(ann, chat):
    Member.objects.filter(user=ann.id).update(left_at="2026-01-01T00:00:00Z")
    ((_, outcome),) = write([draft(ann, chat)])
    assert isinstance(outcome, NotFoundError)


def test_a_block_in_either_direction_stops_both_until_it_ends(ann, bob, chat):
    for blocker, blocked in ((ann, bob), (bob, ann)):
        block_create(owner_id=blocker.id, target=blocked.user)
        for _, outcome in write([draft(ann, chat), draft(bob, chat)]):
            assert isinstance(outcome, NotFoundError)
        block_end(owner_id=blocker.id, target_id=blocked.id)
    ((_, outcome),) = write([draft(ann, chat)])
    assert outcome.row.seq == 1


def test_a_block_of_somebody_else_stops_nothing(ann, bob, cid, chat):
    block_create(owner_id=cid.id, target=ann.user)
    ((_, outcome),) = write([draft(ann, chat)])
    assert isinstance(outcome, Written)


def test_a_reply_points_at_a_message_within_the_senders_history(ann, bob, chat):
    write([draft(ann, chat), draft(ann, chat)])
    Member.objects.filter(user=bob.id).update(first_seq=2)
    pairs = write([draft(bob, chat, reply_to_seq=seq) for seq in (0, 1, 2, 3)])
    written = [(o.row.seq, o.row.reply_to_seq) for _, o in pairs if isinstance(o, Written)]
    refused = [(d.reply_to_seq, o.code) for d, o in pairs if isinstance(o, RuleError)]
    assert written == [(3, 2)]
    assert refused == [(0, "bad_reply"), (1, "bad_reply"), (3, "bad_reply")]
