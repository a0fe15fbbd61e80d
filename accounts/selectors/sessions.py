"""Whether a session is still good: asked on every request, so kept for 5 seconds."""

import time
from dataclasses import dataclass

from django.db.models import BigIntegerField, DateTimeField
from django.utils import timezone
from psycopg.rows import tuple_row

from accounts.constants import EPOCH_CACHE_S
from accounts.models import SIGNED_IN_STATES, Session
from core.limits import Limit, Taken, peek_and_take
from core.redis import attempt, key, sync_redis
from core.sql import CompiledQuery, P

REVOKED = "-"
_MOST_LOCAL = 10_000
_local: dict[str, tuple[str, float]] = {}


@dataclass(frozen=True, slots=True)
class SessionCheck:
    """Whether the session is live under this epoch, and what its limit said."""

    is_live: bool
    taken: Taken | None


def epoch_key(user_id: int, session_id: int) -> str:
    """Where the session's epoch is cached."""
    return key("ep", user_id, session_id)


def session_check(
    *, user_id: int, session_id: int, epoch: int, limit: Limit | None = None
) -> SessionCheck:
    """One round trip to Redis for epoch and limit; one query when the cache has nothing.

    With Redis away the same cache is kept in this process, so revocation still takes 5 s at most.
    """
    name = epoch_key(user_id, session_id)
    cached, taken = peek_and_take(name, limit, f"u{user_id}")
    if cached is None:
        cached = _local_get(name)
    if cached is None:
        cached = _read(user_id, session_id)
        _keep(name, cached)
    return SessionCheck(is_live=cached == str(epoch), taken=taken)


def _read(user_id: int, session_id: int) -> str:
    rows: list[tuple[int]] = _live_epoch(session_id=session_id, user_id=user_id, now=timezone.now())
    return str(rows[0][0]) if rows else REVOKED


# Asked with each new socket, and many come at once after a restart.
_live_epoch = CompiledQuery(
    lambda: Session.objects.filter(
        pk=P("session_id", BigIntegerField()),
        user=P("user_id", BigIntegerField()),
        revoked_at__isnull=True,
        expires_at__gt=P("now", DateTimeField()),
        user__state__in=SIGNED_IN_STATES,
    ).values_list("user__token_epoch"),
    row=tuple_row,
)


def _keep(name: str, value: str) -> None:
    def locally() -> None:
        if len(_local) > _MOST_LOCAL:
            _local.clear()
        _local[name] = (value, time.monotonic() + EPOCH_CACHE_S)

    attempt(lambda: sync_redis().set(name, value, ex=EPOCH_CACHE_S) and None, locally)


def _local_get(name: str) -> str | None:
    value, expires_at = _local.get(name, ("", 0.0))
    return value if expires_at > time.monotonic() else None
