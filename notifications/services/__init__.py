"""All writes of the app: one function, one act, one transaction."""

from notifications.services.commands import notifications_seen
from notifications.services.erasing import notifications_erase
from notifications.services.marks import notification_mark_read, notifications_mark_seen
from notifications.services.telling import (
    badges_push,
    notification_recall,
    notification_settle,
    notifications_of_comment_remove,
    notifications_of_post_remove,
    notifications_part,
)

__all__ = [
    "badges_push",
    "notification_mark_read",
    "notification_recall",
    "notification_settle",
    "notifications_erase",
    "notifications_mark_seen",
    "notifications_of_comment_remove",
    "notifications_of_post_remove",
    "notifications_part",
    "notifications_seen",
]
