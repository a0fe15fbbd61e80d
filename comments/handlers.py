"""Housekeeping of comments."""

from django.utils import timezone

from comments.services import comments_purge
from core.events import periodic


@periodic(cron="37 3 * * *", queue="bulk")
def purge_deleted_comments() -> None:
    """What was deleted a month ago goes for good."""
    now = timezone.now()
    while comments_purge(now=now):
        pass
