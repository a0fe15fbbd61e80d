"""Notifications as their recipient may see them now; their number of queries is fixed."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from accounts.models import User
from accounts.shapes import user_summary
from core.errors import NotFoundError
from core.viewer import Viewer
from notifications.constants import ACTORS_SHOWN, NotificationType
from notifications.models import Notification, visible_actors
from notifications.shapes import NotificationShape, notification_shape


def notification_list(
    *, viewer: Viewer, type_: NotificationType | None = None
) -> QuerySet[Notification]:
    """The viewer's notifications, of one type or of all, with post and comment loaded."""
    visible = Notification.objects.visible_to(viewer).select_related("post", "comment")
    return visible.filter(type=type_) if type_ else visible


def notification_for(*, viewer: Viewer, notification_id: int) -> Notification:
    """One of the viewer's own. Raises NotFoundError."""
    row = notification_list(viewer=viewer).filter(pk=notification_id).first()
    if row is None:
        raise NotFoundError
    return row


def notification_shape_for(*, viewer: Viewer, notification_id: int) -> NotificationShape:
    """The same as Notification. Raises NotFoundError."""
    row = notification_for(viewer=viewer, notification_id=notification_id)
    shapes = notification_shapes(viewer=viewer, rows=[row])
    if not shapes:
        raise NotFoundError
    return shapes[0]


def notification_shapes(*, viewer: Viewer, rows: Sequence[Notification]) -> list[NotificationShape]:
    """Rows of `notification_list` as Notifications. Two queries, however many rows there are."""
    actor_ids = _newest_actors(viewer, [row.pk for row in rows])
    everybody = {i for ids in actor_ids.values() for i in ids}
    people = {person.pk: user_summary(person) for person in User.objects.filter(pk__in=everybody)}
    named = ((row, [people[i] for i in actor_ids.get(row.pk, ())]) for row in rows)
    # Whoever was the last of a group may have gone since the row was read.
    return [notification_shape(row, actors=actors) for row, actors in named if actors]


def _newest_actors(viewer: Viewer, notification_ids: list[int]) -> dict[int, list[int]]:
    newest: Any = ArraySubquery(visible_actors(viewer).values("actor")[:ACTORS_SHOWN])
    rows = Notification.objects.filter(pk__in=notification_ids)
    return dict(rows.annotate(actor_ids=newest).values_list("pk", "actor_ids"))
