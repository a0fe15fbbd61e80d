"""Housekeeping of the job table and of idempotency keys."""

import logging
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from core.events import periodic
from core.models import IdempotencyKey

log = logging.getLogger(__name__)

# A worker writes its heartbeat every 10 s; one that is silent for a minute is dead.
_PUT_BACK = """
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL
WHERE status = 'doing' AND (
    worker_id IS NULL
    OR worker_id NOT IN (
        SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '60 seconds'
    )
)
"""

# Events of a job go with it (ON DELETE CASCADE in procrastinate's schema).
_PURGE = """
DELETE FROM procrastinate_jobs j WHERE status = 'succeeded' AND EXISTS (
    SELECT FROM procrastinate_events e
    WHERE e.job_id = j.id AND e.type = 'succeeded' AND e.at < now() - interval '1 day'
)
"""


@periodic(cron="* * * * *", queue="bulk")
def put_back_stalled_jobs() -> None:
    """Jobs of a worker that was killed run again."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK)
        if cursor.rowcount:
            log.warning("jobs put back", extra={"count": cursor.rowcount})


@periodic(cron="17 3 * * *", queue="bulk")
def purge_finished_jobs() -> None:
    """Finished jobs older than a day go; failed ones stay for somebody to look at."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE)


@periodic(cron="27 * * * *", queue="bulk")
def purge_idempotency_keys() -> None:
    """Keys older than 24 hours are forgotten, as API.md says."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()
