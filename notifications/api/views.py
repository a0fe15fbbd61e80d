"""Routes of notifications and badges."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, LeanApiView, json_response, page_request, validated
from core.api.serializers import Empty, page_of
from notifications import selectors, services
from notifications.api import serializers as forms
from notifications.constants import NotificationType
from notifications.shapes import (
    BadgesSerializer,
    NotificationRow,
    NotificationSerializer,
    NotificationShape,
)


class NotificationsApi(LeanApiView):
    """GET notifications."""

    access = Access.USER

    @extend_schema(parameters=[forms.NotificationsQuery], responses=page_of(NotificationSerializer))
    def get(self, request: Request) -> HttpResponse:
        """The viewer's notifications, those that somebody joined last first."""
        page, query = page_request(request, name="notifications", form=forms.NotificationsQuery)
        rows = selectors.notification_rows(
            viewer=self.viewer,
            type_=NotificationType(query["type"]) if "type" in query else None,
            position=selectors.Position(*page.position) if page.position else None,
            is_backward=page.is_backward,
            limit=page.limit + 1,
        )
        return json_response(page.finish(rows, key=_position, shape=_shapes))


def _position(row: NotificationRow) -> tuple[Any, ...]:
    return selectors.Position(row.updated_at, row.id)


def _shapes(rows: list[NotificationRow]) -> list[NotificationShape]:
    return selectors.notification_shapes(rows=rows)


class UnreadCountApi(ApiView):
    """GET notifications/unread-count."""

    access = Access.USER

    @extend_schema(responses=forms.UnreadCountSerializer)
    def get(self, request: Request) -> Response:
        """How many notifications were not seen; waiting requests to follow are not among them."""
        return Response({"count": selectors.unread_count(user_id=self.viewer.pk)})


class NotificationsSeenApi(ApiView):
    """PUT notifications/seen."""

    access = Access.USER

    @extend_schema(request=forms.NotificationsSeenForm, responses=forms.NotificationsSeenSerializer)
    def put(self, request: Request) -> Response:
        """Everything up to this time was shown."""
        data = validated(forms.NotificationsSeenForm, request)
        unread = services.notifications_mark_seen(user_id=self.viewer.pk, up_to=data["up_to"])
        return Response({"unread": unread})


class NotificationReadApi(ApiView):
    """PUT notifications/{id}/read."""

    access = Access.USER

    @extend_schema(request=Empty, responses=NotificationSerializer)
    def put(self, request: Request, notification_id: int) -> Response:
        """The viewer opened it."""
        validated(Empty, request)
        row = selectors.notification_row_for(viewer=self.viewer, notification_id=notification_id)
        services.notification_mark_read(user_id=self.viewer.pk, notification_id=row.id)
        shape = selectors.notification_shape_for(
            viewer=self.viewer, notification_id=notification_id
        )
        return Response(shape)


class BadgesApi(ApiView):
    """GET me/badges."""

    access = Access.USER

    @extend_schema(responses=BadgesSerializer)
    def get(self, request: Request) -> Response:
        """What waits for the viewer."""
        return Response(selectors.badges_of(user_id=self.viewer.pk))
