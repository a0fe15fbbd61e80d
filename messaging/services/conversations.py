"""Opening conversations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.selectors import user_for
from core.errors import RuleError
from core.realtime import envelope, push_to_users
from core.viewer import Viewer
from messaging.constants import ConversationKind, Folder
from messaging.models import Conversation, Inbox, Member
from messaging.services.requests import folder_for


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation, and whether this call made it."""

    conversation_id: int
    is_new: bool


def conversation_open(*, viewer: Viewer, user_ids: Sequence[int], title: str = "") -> Opened:
    """The direct conversation with one other person: the one there is, or a new one.

    Raises NotFoundError for somebody the viewer may not see, RuleError `groups_unavailable` for
    more than one other person, `conversation_with_self`, `direct_has_no_title`.
    """
    others = [user_id for user_id in dict.fromkeys(user_ids) if user_id != viewer.pk]
    if not others:
        raise RuleError("Choose somebody else to write to.", code="conversation_with_self")
    if len(others) > 1:
        raise RuleError("Groups are not available yet.", code="groups_unavailable")
    if title:
        raise RuleError("A conversation of two has no title.", code="direct_has_no_title")
    other = user_for(viewer=viewer, user_id=others[0])
    return _direct_open(opener_id=viewer.pk, other_id=other.pk)


@transaction.atomic
def _direct_open(*, opener_id: int, other_id: int) -> Opened:
    low, high = sorted((opener_id, other_id))
    folder = folder_for(owner_id=other_id, other_id=opener_id)
    conversation, is_new = Conversation.objects.get_or_create(
        direct_key=f"{low}:{high}",
        defaults={
            "kind": ConversationKind.DIRECT,
            "created_by_id": opener_id,
            "last_activity_at": timezone.now(),
        },
    )
    if is_new:
        _members_add(conversation, {opener_id: Folder.PRIMARY, other_id: folder})
        _tell_opener(conversation.pk, opener_id)
    return Opened(conversation.pk, is_new)


def _members_add(conversation: Conversation, folders: Mapping[int, Folder]) -> None:
    Inbox.objects.bulk_create(
        [Inbox(pk=user_id) for user_id in sorted(folders)], ignore_conflicts=True
    )
    Member.objects.bulk_create(
        Member(conversation=conversation, user_id=user_id, folder=folders[user_id])
        for user_id in sorted(folders)
    )


def _tell_opener(conversation_id: int, opener_id: int) -> None:
    """The opener's other tabs show it at once; the other person learns with the first message."""
    Inbox.objects.filter(pk=opener_id).update(version=F("version") + 1)
    version = Inbox.objects.values_list("version", flat=True).get(pk=opener_id)
    Member.objects.filter(conversation=conversation_id, user=opener_id).update(
        changed_version=version
    )
    push_to_users(
        [opener_id], envelope("conversation.created", {"conversation_id": str(conversation_id)})
    )
