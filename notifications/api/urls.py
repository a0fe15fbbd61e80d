"""Routes of notifications and badges under /api/v1/."""

from django.urls import path

from notifications.api import views

urlpatterns = [
    path("me/badges", views.BadgesApi.as_view()),
    path("notifications", views.NotificationsApi.as_view()),
    path("notifications/unread-count", views.UnreadCountApi.as_view()),
    path("notifications/seen", views.NotificationsSeenApi.as_view()),
    path("notifications/<id:notification_id>/read", views.NotificationReadApi.as_view()),
]
