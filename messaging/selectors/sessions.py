"""Which of the sessions behind open sockets have ended."""

from collections.abc import Collection

from django.db import connection

from accounts.constants import UserState
from accounts.models import SHOWN_STATES

# The few that ended among the many that are asked for.
_ENDED = """
SELECT a.id, a.epoch, u.state FROM unnest(%s::bigint[], %s::int[]) AS a(id, epoch)
LEFT JOIN accounts_session s ON s.id = a.id AND s.revoked_at IS NULL AND s.expires_at > now()
LEFT JOIN accounts_user u ON u.id = s.user_id
WHERE s.id IS NULL OR u.token_epoch <> a.epoch OR NOT u.state = ANY(%s)
"""


def ended_sessions(*, seen: Collection[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    """Which of these sessions are over; true for a suspended person. One query.

    Each is an id and the token epoch under which it was seen; a newer epoch ends it as well.
    """
    ids, epochs = [pk for pk, _ in seen], [epoch for _, epoch in seen]
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [ids, epochs, list(SHOWN_STATES)])
        rows = cursor.fetchall()
    return {(pk, epoch): state == UserState.SUSPENDED for pk, epoch, state in rows}
