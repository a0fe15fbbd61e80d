"""What a person's sockets start from: the inbox version, what changed since, and badges."""

from dataclasses import dataclass
from typing import TypedDict

from django.db.models import F

from messaging.constants import CHANGED_MAX, Folder
from messaging.models import Inbox, Member


class ChangedShape(TypedDict):
    """A conversation in which something changed, and how far it is now."""

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
    version = Inbox.objects.filter(pk=user_id).values_list("version", flat=True).first()
    return version or 0


def changed_since(*, user_id: int, version: int) -> Changed:
    """What changed for this person after a version.

    Of more than CHANGED_MAX conversations the oldest changes are told, and `inbox_version` is as
    far as they go: resuming from there gives the rest.
    """
    # The version is read first: a change between the two reads is told again, never missed.
    newest = inbox_version(user_id=user_id)
    rows = list(
        Member.objects.of(user_id)
        .filter(changed_version__gt=version)
        .order_by("changed_version", "conversation_id")
        .values_list(
            "conversation_id", "conversation__last_seq", "conversation__rev", "changed_version"
        )[: CHANGED_MAX + 1]
    )
    if len(rows) > CHANGED_MAX:
        # One batch may have changed several under the same version: keep only whole versions.
        rows = [row for row in rows if row[3] < rows[-1][3]]
        newest = rows[-1][3]
    return Changed(
        newest,
        [{"conversation_id": str(id_), "last_seq": seq, "rev": rev} for id_, seq, rev, _ in rows],
    )


def unread_conversations(*, user_id: int) -> int:
    """The badge `messages`: conversations of the primary folder with something unread."""
    return _unread(user_id, Folder.PRIMARY)


def unread_requests(*, user_id: int) -> int:
    """The badge `message_requests`."""
    return _unread(user_id, Folder.REQUESTS)


def _unread(user_id: int, folder: Folder) -> int:
    members = Member.objects.of(user_id).filter(folder=folder)
    return members.filter(conversation__last_seq__gt=F("read_seq")).count()
