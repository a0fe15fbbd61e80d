"""What is left of a person here when the account is erased: nothing."""

from typing import Final

from django.db import connection, transaction

from notifications.models import Notification

# A group that they were part of goes on without them, unless they were alone in it.
_LEAVE_GROUPS: Final = """
WITH gone AS (
    DELETE FROM notifications_notificationactor WHERE actor_id = %s RETURNING notification_id
)
UPDATE notifications_notification n SET actors_count = n.actors_count - 1
FROM gone WHERE n.id = gone.notification_id
"""


@transaction.atomic
def notifications_erase(*, user_id: int) -> None:
    """Remove what they were told, and them from what others were told; again is fine."""
    Notification.objects.filter(recipient=user_id).delete()
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE_GROUPS, [user_id])
    Notification.objects.filter(actors_count=0).delete()
