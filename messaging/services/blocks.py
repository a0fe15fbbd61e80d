"""A direct conversation is not there while one of its two people blocks the other."""

from django.db import transaction
from django.db.models import F

from core.realtime import envelope, push_to_users
from messaging.models import Inbox, Member
from messaging.services.announcing import badges_push


@transaction.atomic
def conversation_follow_block(*, one_id: int, other_id: int) -> None:
    """Tell both, live and by their inbox versions, that their conversation is gone, or back.

    One in which nothing was said concerns its opener alone. Again tells the same once more.
    """
    low, high = sorted((one_id, other_id))
    # The inboxes first, in the order in which sending takes them.
    inboxes = Inbox.objects.select_for_update(no_key=True).filter(pk__in=(low, high))
    for inbox in inboxes.order_by("pk"):
        members = Member.objects.filter(
            conversation__direct_key=f"{low}:{high}", user=inbox.pk, left_at__isnull=True
        )
        member = members.listed_for(inbox.pk).first()
        if member is not None:
            Member.objects.filter(pk=member.pk).update(changed_version=inbox.version + 1)
            Inbox.objects.filter(pk=inbox.pk).update(version=F("version") + 1)
            _tell(member)


def _tell(member: Member) -> None:
    is_there = Member.objects.of(member.user_id).filter(pk=member.pk).exists()
    type_ = "conversation.updated" if is_there else "conversation.removed"
    ids = {"conversation_id": str(member.conversation_id)}
    push_to_users([member.user_id], envelope(type_, ids))
    badges_push(user_id=member.user_id)
