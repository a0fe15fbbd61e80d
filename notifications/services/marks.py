"""What the recipient has seen and read."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.errors import NotFoundError
from notifications.models import Notification
from notifications.selectors import unread_count
from notifications.services.telling import badges_push

_MILLISECOND = timedelta(milliseconds=1)
# Nothing was updated later than this, and a time can be too late to calculate with.
_CLOCK_SKEW = timedelta(hours=1)


@transaction.atomic
def notifications_mark_seen(*, user_id: int, up_to: datetime) -> int:
    """Mark what was updated up to this time as seen; return how many are left unseen.

    The whole millisecond counts, because that is as fine as the clocks of browsers are.
    """
    now = timezone.now()
    last = min(up_to, now + _CLOCK_SKEW)
    end = last.replace(microsecond=last.microsecond // 1_000 * 1_000) + _MILLISECOND
    seen = Notification.objects.filter(recipient=user_id, updated_at__lt=end).unseen()
    # Locked in one order, so that two tabs of one person never wait in a ring.
    ids = list(seen.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if ids:
        Notification.objects.filter(pk__in=ids).update(seen_at=now)
        badges_push(user_id=user_id)
    return unread_count(user_id=user_id)


@transaction.atomic
def notification_mark_read(*, user_id: int, notification_id: int) -> None:
    """Mark one as read, and so as seen; the second call changes nothing.

    Raises NotFoundError unless it is the person's own.
    """
    own = Notification.objects.filter(recipient=user_id, pk=notification_id)
    row = own.select_for_update(no_key=True).first()
    if row is None:
        raise NotFoundError
    if row.read_at is not None:
        return
    now = timezone.now()
    own.update(read_at=now, seen_at=Coalesce("seen_at", now))
    badges_push(user_id=user_id)
