"""Events: facts that were written, handed to durable jobs in the same transaction (an outbox).

A job runs at least once and in no fixed order, so a handler reads the present state.
"""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal, TypeVar

import orjson
import psycopg
from django.db import close_old_connections, connection, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

Queue = Literal["live", "mail", "media", "bulk"]
E = TypeVar("E")
Handler = Callable[[E], None]

# 8 tries: at once, then after 2, 4, 8 … seconds, about four minutes in all.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)
# A mail provider may be away for longer: the last of 8 tries comes after about 15 hours.
MAIL_RETRY = RetryStrategy(max_attempts=8, exponential_wait=6)

#: The number of the job that runs; every try of a job has the same one.
job_id: ContextVar[int] = ContextVar("job_id", default=0)


@dataclasses.dataclass(frozen=True, slots=True)
class _Subscription:
    task: str
    queue: Queue


_subscriptions: dict[type, list[_Subscription]] = {}


def subscribe(event_type: type[E], *, queue: Queue) -> Callable[[Handler[E]], Handler[E]]:
    """Run the decorated handler as a background job for each published event of this type."""

    def decorate(handler: Handler[E]) -> Handler[E]:
        name = f"{handler.__module__}.{handler.__name__}"

        @functools.wraps(handler)
        def job(context: JobContext, /, **fields: Any) -> None:
            job_id.set(context.job.id or 0)
            run_in_worker(lambda: handler(event_type(**fields)))

        retry = MAIL_RETRY if queue == "mail" else RETRY
        app.task(name=name, queue=queue, retry=retry, pass_context=True)(job)
        _subscriptions.setdefault(event_type, []).append(_Subscription(name, queue))
        return handler

    return decorate


def periodic(*, cron: str, queue: Queue) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run the decorated function by the clock (cron in UTC), once over all workers."""

    def decorate(function: Callable[[], None]) -> Callable[[], None]:
        name = f"{function.__module__}.{function.__name__}"

        @functools.wraps(function)
        def job(timestamp: int) -> None:
            run_in_worker(function)

        # A run that is still waiting makes another one needless.
        task = app.task(name=name, queue=queue, queueing_lock=name)(job)
        app.periodic(cron=cron)(task)
        return function

    return decorate


def run_in_worker(function: Callable[[], None]) -> None:
    """Run on a connection that is alive, and leave none behind that is not."""
    is_nested = connection.in_atomic_block
    if not is_nested:
        close_old_connections()
    try:
        function()
    finally:
        if not is_nested:
            close_old_connections()


def publish(event: object, *, at: datetime | None = None) -> None:
    """Defer one job per subscriber on Django's open connection; `at` is when at the earliest.

    Call it inside the transaction that made the event true: both are kept, or neither.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("publish() belongs inside a transaction")
    statement = _defer_statement(event, at)
    if statement:
        with connection.cursor() as cursor:
            cursor.execute(*statement)


def publish_on(conn: psycopg.Connection[Any], event: object, *, at: datetime | None = None) -> None:
    """The same one call on a psycopg connection of one's own."""
    statement = _defer_statement(event, at)
    if statement:
        conn.execute(*statement)


def subscribed_tasks(event_type: type) -> Sequence[str]:
    """The names of the jobs that this event starts."""
    return [subscription.task for subscription in _subscriptions.get(event_type, ())]


def _defer_statement(event: object, at: datetime | None) -> tuple[str, list[Any]] | None:
    subscriptions = _subscriptions.get(type(event), [])
    if not subscriptions:
        return None
    args = orjson.dumps(dataclasses.asdict(event)).decode()  # type: ignore[call-overload]
    row = "ROW(%s, %s, 0, NULL, NULL, %s::jsonb, %s::timestamptz)::procrastinate_job_to_defer_v1"
    rows = ", ".join([row] * len(subscriptions))
    params = [value for s in subscriptions for value in (s.queue, s.task, args, at)]
    return f"SELECT procrastinate_defer_jobs_v1(ARRAY[{rows}])", params
