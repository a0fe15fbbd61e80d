"""What a person's sockets start from: the inbox version, what changed since, and badges."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import BigIntegerField, CharField, Count, Exists, F, OuterRef
from psycopg.rows import tuple_row

from core.sql import CompiledQuery, P
from messaging.constants import CHANGED_MAX, Folder
from messaging.models import Inbox, Member


class ChangedShape(TypedDict):
    """A conversation in which something changed, and how far it is now.

    One that is not there any more (the person left, or a block) is at 0: reading it is 404.
    """

    conversation_id: str
    last_seq: int
    rev: int


@dataclass(frozen=True, slots=True)
class Changed:
    """The conversations that changed up to `inbox_version`."""

    inbox_version: int
    conversations: list[ChangedShape]


def inbox_version(*, user_id: int) -> int:
    """The number that grows with every change to any of the person's conversations."""
    rows: list[tuple[int]] = _version(user_id=user_id)
    return rows[0][0] if rows else 0


def inbox_versions(*, user_ids: Collection[int]) -> dict[int, int]:
    """The same for many. One query."""
    rows = Inbox.objects.filter(pk__in=set(user_ids)).values_list("pk", "version")
    return dict.fromkeys(user_ids, 0) | dict(rows)


def changed_since(*, user_id: int, version: int) -> Changed:
    """What changed for this person after a version.

    Of more than CHANGED_MAX conversations the oldest changes are told, and `inbox_version` is as
    far as they go: resuming from there gives the rest.
    """
    # The version is read first: a change between the two reads is told again, never missed.
    newest = inbox_version(user_id=user_id)
    there = Member.objects.of(user_id).filter(pk=OuterRef("pk"))
    rows = list(
        Member.objects.filter(user=user_id, changed_version__gt=version)
        .annotate(is_there=Exists(there))
        .order_by("changed_version", "conversation_id")
        .values_list(
            "conversation_id",
            "conversation__last_seq",
            "conversation__rev",
            "changed_version",
            "is_there",
        )[: CHANGED_MAX + 1]
    )
    if len(rows) > CHANGED_MAX:
        # One batch may have changed several under the same version: keep only whole versions.
        rows = [row for row in rows if row[3] < rows[-1][3]]
        newest = rows[-1][3]
    return Changed(
        newest,
        [
            {
                "conversation_id": str(id_),
                "last_seq": last_seq if is_there else 0,
                "rev": rev if is_there else 0,
            }
            for id_, last_seq, rev, _, is_there in rows
        ],
    )


def unread_conversations(*, user_id: int) -> int:
    """The badge `messages`: conversations of the primary folder with something unread."""
    return _unread(user_id, Folder.PRIMARY)


def unread_requests(*, user_id: int) -> int:
    """The badge `message_requests`."""
    return _unread(user_id, Folder.REQUESTS)


def _unread(user_id: int, folder: Folder) -> int:
    rows: list[tuple[int]] = _unread_in(user_id=user_id, folder=folder.value)
    return rows[0][0] if rows else 0


# Asked with each new socket, and many come at once after a restart.
_USER = P("user_id", BigIntegerField())
_version = CompiledQuery(
    lambda: Inbox.objects.filter(pk=_USER).values_list("version"), row=tuple_row
)
_unread_in = CompiledQuery(
    lambda: (
        Member.objects.of(_USER)
        .filter(
            folder=P("folder", CharField(max_length=8)), conversation__last_seq__gt=F("read_seq")
        )
        .order_by()
        .values("user")
        .annotate(count=Count("pk"))
        .values_list("count")
    ),
    row=tuple_row,
)
