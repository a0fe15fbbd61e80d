"""Background work: somebody does it, nothing waits too long, nothing has failed."""

from collections.abc import Iterator
from typing import Final

from django.db import Error as DatabaseError
from django.db import connection

from config.ops.doctor.findings import Finding, fault, ok, warning

#: A worker writes its heartbeat every 10 s.
SILENT_S: Final = 60
#: Queue `live` waits for nobody, so a job that was due so long ago has nobody to do it.
WAITING_S: Final = 300

_SELECT: Final = """
SELECT
    (SELECT count(*) FROM procrastinate_workers
     WHERE last_heartbeat > now() - make_interval(secs => %(silent)s)),
    (SELECT extract(epoch FROM now() - max(last_heartbeat))::int FROM procrastinate_workers),
    count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, '-infinity') <= now()),
    count(*) FILTER (WHERE status = 'failed'),
    count(*) FILTER (WHERE status = 'doing' AND (worker_id IS NULL OR worker_id NOT IN (
        SELECT id FROM procrastinate_workers
        WHERE last_heartbeat > now() - make_interval(secs => %(silent)s)))),
    (SELECT extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at)))::int
     FROM procrastinate_jobs j
     JOIN procrastinate_events e ON e.job_id = j.id AND e.type IN ('deferred', 'deferred_for_retry')
     WHERE j.status = 'todo' AND coalesce(j.scheduled_at, '-infinity') <= now())
FROM procrastinate_jobs
"""
_START: Final = "systemctl status jyoti-worker; journalctl -u jyoti-worker tells why it ended."


def examine_jobs() -> Iterator[Finding]:
    """Workers by their heartbeat, jobs by their state."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SELECT, {"silent": SILENT_S})
            workers, silence_s, waiting, failed, stalled, oldest_s = cursor.fetchone()
    except DatabaseError as error:
        yield fault("worker", f"not examined: {type(error).__name__}", "Mend the database first.")
        return
    finally:
        connection.close()
    yield _workers(workers, silence_s)
    yield _waiting(waiting, oldest_s)
    if failed:
        yield warning("worker", f"{failed} jobs failed for good", "Look at them in /admin/ (jobs).")
    if stalled:
        yield warning(
            "worker", f"{stalled} jobs are of workers that died", "A worker puts them back; see it."
        )


def _workers(count: int, silence_s: int | None) -> Finding:
    if count:
        return ok("worker", f"{count} queues are served, last heartbeat {silence_s} s ago")
    last = "none was ever there" if silence_s is None else f"the last was there {silence_s} s ago"
    return fault("worker", f"no worker runs: {last}", _START)


def _waiting(count: int, oldest_s: int | None) -> Finding:
    found = f"{count} jobs are due"
    if oldest_s is not None and oldest_s > WAITING_S:
        return fault("worker", f"{found}, the oldest since {oldest_s} s", _START)
    return ok("worker", found)
