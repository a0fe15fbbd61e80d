"""Direct conversations with people whom their owner restricts lie among the requests."""

from django.db import transaction
from django.db.models import F

from accounts.selectors import is_restricted
from core.realtime import envelope, push_to_users
from messaging.constants import Folder
from messaging.models import Inbox, Member
from messaging.services.announcing import badges_push


def folder_for(*, owner_id: int, other_id: int) -> Folder:
    """Where the owner finds a direct conversation with this person."""
    is_request = is_restricted(owner_id=owner_id, user_id=other_id)
    return Folder.REQUESTS if is_request else Folder.PRIMARY


@transaction.atomic
def conversation_follow_restriction(*, owner_id: int, other_id: int) -> None:
    """Move the direct conversation of the two to where it belongs now; again changes nothing.

    Only the owner's sockets learn of it.
    """
    # The inbox first: the order in which sending takes the same locks.
    inbox = Inbox.objects.select_for_update(no_key=True).filter(pk=owner_id).first()
    folder = folder_for(owner_id=owner_id, other_id=other_id)
    low, high = sorted((owner_id, other_id))
    member = Member.objects.filter(
        conversation__direct_key=f"{low}:{high}", user=owner_id, left_at__isnull=True
    ).exclude(folder=folder)
    found = member.first()
    if inbox is None or found is None:
        return
    member.update(folder=folder, changed_version=inbox.version + 1)
    Inbox.objects.filter(pk=owner_id).update(version=F("version") + 1)
    ids = {"conversation_id": str(found.conversation_id)}
    push_to_users([owner_id], envelope("conversation.updated", ids))
    badges_push(user_id=owner_id)
