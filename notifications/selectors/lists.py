"""Notifications as their recipient may see them now; their number of queries is fixed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, TextField
from psycopg.rows import args_row

from accounts.models import User
from accounts.shapes import user_summary
from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from notifications.constants import ACTORS_SHOWN, NotificationType
from notifications.models import Notification, NotificationQuerySet, visible_actors
from notifications.shapes import NotificationRow, NotificationShape, notification_shape
from posts.selectors.rows import size_for

VIEWER = P("viewer", BigIntegerField())
Rows = QuerySet[Notification, tuple[Any, ...]]


class Position(NamedTuple):
    """Where a notification stands in the list."""

    updated_at: datetime
    notification_id: int


#: Before the first of every list.
TOP = Position(datetime.max.replace(tzinfo=UTC), 2**63 - 1)


def notification_rows(
    *,
    viewer: Viewer,
    type_: NotificationType | None,
    position: Position | None,
    is_backward: bool,
    limit: int,
) -> list[NotificationRow]:
    """At least `limit` of the viewer's own past `position`, if there are so many. One query.

    Those that somebody joined last come first, or last when reading backwards.
    """
    past = position or TOP
    slots: dict[str, Any] = {"viewer": viewer.pk, "at": past.updated_at}
    if type_ is not None:
        slots["type"] = type_
    query = _list_query(type_ is not None, is_backward, size_for(limit))
    return query(**slots, id=past.notification_id)


def notification_row_for(*, viewer: Viewer, notification_id: int) -> NotificationRow:
    """One of the viewer's own. Raises NotFoundError."""
    rows: list[NotificationRow] = _one_query(viewer=viewer.pk, id=notification_id)
    if not rows:
        raise NotFoundError
    return rows[0]


def notification_shape_for(*, viewer: Viewer, notification_id: int) -> NotificationShape:
    """The same as Notification. Raises NotFoundError."""
    row = notification_row_for(viewer=viewer, notification_id=notification_id)
    shapes = notification_shapes(rows=[row])
    if not shapes:
        raise NotFoundError
    return shapes[0]


def notification_shapes(*, rows: Sequence[NotificationRow]) -> list[NotificationShape]:
    """Rows as Notifications; one query for all the people in them."""
    everybody = {actor_id for row in rows for actor_id in row.actor_ids}
    people = {person.pk: user_summary(person) for person in User.objects.filter(pk__in=everybody)}
    named = ((row, [people[i] for i in row.actor_ids if i in people]) for row in rows)
    # Whoever was alone in a group may have gone since the row was read.
    return [notification_shape(row, actors=actors) for row, actors in named if actors]


@cache
def _list_query(is_of_type: bool, is_backward: bool, size: int) -> CompiledQuery:  # noqa: FBT001
    def build() -> Rows:
        seen = Notification.objects.visible_to_id(VIEWER).filter(_past(is_backward))
        if is_of_type:
            seen = seen.filter(type=P("type", TextField()))
        order = ("updated_at", "pk") if is_backward else ("-updated_at", "-pk")
        return _columns(seen).order_by(*order)[:size]

    return CompiledQuery(build, row=args_row(NotificationRow))


def _past(is_backward: bool) -> Q:  # noqa: FBT001
    step = "gt" if is_backward else "lt"
    at = P("at", DateTimeField())
    return Q(**{f"updated_at__{step}e": at}) & (
        Q(**{f"updated_at__{step}": at}) | Q(**{f"pk__{step}": P("id", BigIntegerField())})
    )


def _one_build() -> Rows:
    seen = Notification.objects.visible_to_id(VIEWER)
    return _columns(seen.filter(pk=P("id", BigIntegerField())))


_one_query = CompiledQuery(_one_build, row=args_row(NotificationRow))


def _columns(seen: NotificationQuerySet) -> Rows:
    """The columns of NotificationRow, in its order."""
    newest: Any = ArraySubquery(visible_actors(VIEWER).values("actor")[:ACTORS_SHOWN])
    return seen.annotate(actor_ids=newest).values_list(
        "pk",
        "type",
        "actors_count",
        "created_at",
        "updated_at",
        "seen_at",
        "read_at",
        "post_id",
        "post__shortcode",
        "post__media",
        "comment_id",
        "comment__body",
        "actor_ids",
    )
