"""The numbers that somebody has waiting."""

from typing import cast

from django.db.models import BigIntegerField, QuerySet

from accounts.models import Follow
from accounts.selectors import follow_requests
from core.registry import badge_counts
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from notifications.constants import COUNT_MAX, NotificationType
from notifications.models import Notification
from notifications.shapes import BadgesShape


def unread_count(*, user_id: int) -> int:
    """How many notifications were not shown yet, at most COUNT_MAX.

    Requests to follow are left out: they have a badge of their own, which lasts until the answer.
    """
    return len(_unread_query(viewer=user_id))


def follow_request_count(*, user_id: int) -> int:
    """How many people wait for an answer to their request, at most COUNT_MAX."""
    return len(_requests_query(viewer=user_id))


def badges_of(*, user_id: int) -> BadgesShape:
    """All four numbers; 0 where no app counts."""
    counts = badge_counts(user_id)
    return {
        "messages": counts.get("messages", 0),
        "message_requests": counts.get("message_requests", 0),
        "notifications": counts.get("notifications", 0),
        "follow_requests": counts.get("follow_requests", 0),
    }


def _requests_build() -> QuerySet[Follow, tuple[int]]:
    viewer = Viewer(id=cast("int", P("viewer", BigIntegerField())))
    return follow_requests(viewer=viewer).order_by().values_list("pk")[:COUNT_MAX]


def _unread_build() -> QuerySet[Notification, tuple[int]]:
    unseen = Notification.objects.visible_to_id(P("viewer", BigIntegerField())).unseen()
    told = unseen.exclude(type=NotificationType.FOLLOW_REQUEST)
    return told.values_list("pk")[:COUNT_MAX]


_unread_query = CompiledQuery(_unread_build)
_requests_query = CompiledQuery(_requests_build)
