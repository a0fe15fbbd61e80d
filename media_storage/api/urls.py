"""Routes of media below /api/v1/."""

from django.urls import path

from media_storage.api.views import MediaAllowanceApi, MediaCreateApi, MediaDetailApi

urlpatterns = [
    path("media", MediaCreateApi.as_view()),
    path("media/allowance", MediaAllowanceApi.as_view()),
    path("media/<id:media_id>", MediaDetailApi.as_view()),
]
