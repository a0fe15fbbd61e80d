"""The people of the measurement: pairs who write to each other, each with a session."""

from datetime import timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from accounts.constants import ClientKind
from accounts.models import Session, User
from benchmarks.database import copy_rows, use_database
from messaging.constants import ConversationKind
from messaging.models import Conversation, Inbox, Member

PEOPLE: Final = 2_000
VERSION: Final = "chat 1"
PEER_TABLE: Final = """
CREATE TABLE peer_message (id bigserial PRIMARY KEY, conversation_id bigint NOT NULL,
  sender_id bigint NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON peer_message (conversation_id, id)
"""


def prepare() -> None:
    """Lead Django's connection to the database of this measurement, made and filled once."""
    use_database("jyoti_bench_chat", version=VERSION, fill=_fill)


def clear() -> None:
    """Forget all messages: each round begins alike."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_message, peer_message RESTART IDENTITY CASCADE")
        cursor.execute("UPDATE messaging_conversation SET last_seq = 0, rev = 0")
        cursor.execute("UPDATE messaging_member SET read_seq = 0, changed_version = 0")
        cursor.execute("UPDATE messaging_inbox SET version = 0")
        for table in ("conversation", "member", "inbox"):
            cursor.execute(f"VACUUM ANALYZE messaging_{table}")


def members(count: int, *, sockets_each: int = 1) -> dict[str, Any]:
    """The part of a job that says who: (person, conversation) for each socket, and sessions."""
    found = list(
        Member.objects.order_by("user_id").values_list("user_id", "conversation_id")[:count]
    )
    sessions = dict(Session.objects.values_list("user_id", "pk"))
    return {
        "members": [pair for pair in found for _ in range(sockets_each)],
        "sessions": {str(user_id): sessions[user_id] for user_id, _ in found},
    }


def _fill() -> None:
    ids, now = range(1, PEOPLE + 1), timezone.now()
    people = ((n, f"person{n}", f"person{n}@example.org", "!") for n in ids)
    copy_rows(User, ("id", "username", "email", "password"), people, total=PEOPLE)
    Session.objects.bulk_create(
        Session(
            user_id=n,
            family=f"bench{n}",
            client=ClientKind.NATIVE,
            created_at=now,
            rotated_at=now,
            expires_at=now + timedelta(days=365),
        )
        for n in ids
    )
    Inbox.objects.bulk_create(Inbox(pk=n) for n in ids)
    Conversation.objects.bulk_create(
        Conversation(
            pk=n,
            kind=ConversationKind.DIRECT,
            direct_key=f"{2 * n - 1}:{2 * n}",
            last_activity_at=now,
        )
        for n in range(1, PEOPLE // 2 + 1)
    )
    Member.objects.bulk_create(Member(conversation_id=(n + 1) // 2, user_id=n) for n in ids)
    with connection.cursor() as cursor:
        cursor.execute(PEER_TABLE)
