"""Which of the sessions behind open sockets are still good."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import SHOWN_STATES, Session


def live_epochs(*, session_ids: Iterable[int]) -> dict[int, int]:
    """The token epoch of each of these sessions that has not ended. One query."""
    sessions = Session.objects.filter(
        pk__in=set(session_ids),
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
        user__state__in=SHOWN_STATES,
    )
    return dict(sessions.values_list("pk", "user__token_epoch"))
