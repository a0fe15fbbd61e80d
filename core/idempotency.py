"""A create that is sent twice happens once: the first answer is kept for 24 hours and given again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.errors import BadInputError, ConflictError
from core.models import IdempotencyKey

MAX_KEY = 200
# After this long a request that never ended is taken to have died with its process.
ABANDONED_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request with an Idempotency-Key; the fingerprint is a hash over what it asks for."""

    user_id: int
    method: str
    path: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is kept: status and JSON body."""

    status: int
    data: Any


def run_once(
    attempt: Attempt, act: Callable[[], Answer], *, prepare: Callable[[], None] = lambda: None
) -> Answer:
    """Carry out `act` and keep its answer if it is 2xx, or return the kept one.

    The act and its answer are committed together; `prepare` comes before, outside of their
    transaction, and only when there is something to carry out. Raises ConflictError `idempotency_conflict` for
    another fingerprint under the same key, `idempotency_in_flight` while the first still runs.
    """
    row, is_new = _claim(attempt)
    if not is_new and row.status is not None:
        return Answer(row.status, row.answer)
    try:
        prepare()
        with transaction.atomic():
            answer = act()
            is_kept = 200 <= answer.status < 300  # noqa: PLR2004  the 2xx answers
            if is_kept:
                kept = IdempotencyKey.objects.filter(pk=row.pk)
                kept.update(status=answer.status, answer=answer.data)
            else:
                transaction.set_rollback(True)
    except BaseException:
        row.delete()
        raise
    if not is_kept:
        row.delete()
    return answer


def _claim(attempt: Attempt) -> tuple[IdempotencyKey, bool]:
    """The row of this key, and whether it is ours to carry out."""
    if not 1 <= len(attempt.key) <= MAX_KEY or not attempt.key.isprintable():
        raise BadInputError("Idempotency-Key has 1 to 200 characters.", code="bad_idempotency_key")
    now = timezone.now()
    with transaction.atomic():
        row, is_new = IdempotencyKey.objects.select_for_update().get_or_create(
            user_id=attempt.user_id,
            method=attempt.method,
            path=attempt.path,
            key=attempt.key,
            defaults={"fingerprint": attempt.fingerprint, "started_at": now},
        )
        if row.fingerprint != attempt.fingerprint:
            raise ConflictError(
                "This key was used for another request.", code="idempotency_conflict"
            )
        if not is_new and row.status is None:
            if row.started_at > now - ABANDONED_AFTER:
                raise ConflictError(
                    "The first request still runs.", code="idempotency_in_flight", retry_after=1
                )
            row.started_at = now
            row.save(update_fields=["started_at"])
            is_new = True
    return row, is_new
