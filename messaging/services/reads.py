"""Read marks: how far each member has read. They touch one's own member row and inbox only."""

from django.db import transaction
from django.db.models import F

from accounts.selectors import restricted_by
from core.realtime import envelope, push_to_users
from core.viewer import Viewer
from messaging.models import Inbox, Member
from messaging.selectors import member_for
from messaging.services.announcing import badges_push


@transaction.atomic
def conversation_read(*, viewer: Viewer, conversation_id: int, seq: int) -> int:
    """Mark everything up to `seq` as read and return how far it is read now.

    A mark never goes back, and not beyond the last message; setting it again changes nothing.
    One's own other tabs and the other members learn of it live, but for those whom the reader
    restricts. Raises NotFoundError.
    """
    member = member_for(viewer=viewer, conversation_id=conversation_id)
    seq = min(seq, member.conversation.last_seq)
    if seq <= member.read_seq:
        return member.read_seq
    # The inbox first: the order in which sending takes the same locks.
    inbox = Inbox.objects.select_for_update(no_key=True).get(pk=viewer.pk)
    is_moved = Member.objects.filter(pk=member.pk, read_seq__lt=seq).update(
        read_seq=seq, changed_version=inbox.version + 1
    )
    if not is_moved:
        return Member.objects.values_list("read_seq", flat=True).get(pk=member.pk)
    Inbox.objects.filter(pk=viewer.pk).update(version=F("version") + 1)
    _tell(viewer.pk, conversation_id, seq)
    return seq


def _tell(reader_id: int, conversation_id: int, seq: int) -> None:
    mark = {
        "conversation_id": str(conversation_id),
        "user_id": str(reader_id),
        "seq": seq,
    }
    members = Member.objects.filter(conversation=conversation_id, left_at__isnull=True)
    told = set(members.values_list("user_id", flat=True)) - restricted_by(owner_id=reader_id)
    push_to_users(sorted(told), envelope("read.updated", mark))
    badges_push(user_id=reader_id)
