"""Routes of conversations and messages under /api/v1/."""

from django.urls import path

from messaging.api import views

urlpatterns = [
    path("conversations", views.ConversationsApi.as_view()),
    path("conversations/<id:conversation_id>", views.ConversationApi.as_view()),
    path("conversations/<id:conversation_id>/messages", views.MessagesApi.as_view()),
    path("conversations/<id:conversation_id>/changes", views.ChangesApi.as_view()),
    path("conversations/<id:conversation_id>/read", views.ReadApi.as_view()),
    path("presence", views.PresenceApi.as_view()),
]
