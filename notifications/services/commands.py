"""The socket command `notifications.seen`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from core.errors import BadInputError
from core.registry import Topics
from core.viewer import Viewer
from notifications.services.marks import notifications_mark_seen


def notifications_seen(
    *, viewer: Viewer, data: Mapping[str, Any], topics: Topics
) -> dict[str, Any]:
    """`{up_to}`, the `updated_at` of the newest notification shown; gives `{unread}`."""
    for name in sorted(data.keys() - {"up_to"}):
        raise BadInputError.of_field(name[:100], "unknown_field", "Unknown field.")
    if data.get("up_to") is None:
        raise BadInputError.of_field("up_to", "required", "This field is required.")
    unread = notifications_mark_seen(user_id=viewer.pk, up_to=_moment(data["up_to"]))
    return {"unread": unread}


def _moment(value: Any) -> datetime:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInputError.of_field("up_to", "invalid", "Use a time such as 2026-01-31T08:15:30.125Z.")
