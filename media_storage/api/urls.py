"""Routes of media below /api/v1/."""

from django.urls import path

from media_storage.api.direct import (
    CloudinaryWebhookApi,
    UploadCompleteApi,
    UploadCreateApi,
    UploadDetailApi,
    UploadFileApi,
)
from media_storage.api.views import MediaAllowanceApi, MediaCreateApi, MediaDetailApi

urlpatterns = [
    path("media", MediaCreateApi.as_view()),
    path("media/allowance", MediaAllowanceApi.as_view()),
    path("media/uploads", UploadCreateApi.as_view()),
    path("media/uploads/<id:upload_id>", UploadDetailApi.as_view()),
    path("media/uploads/<id:upload_id>/file", UploadFileApi.as_view()),
    path("media/uploads/<id:upload_id>/complete", UploadCompleteApi.as_view()),
    path("media/webhooks/cloudinary", CloudinaryWebhookApi.as_view()),
    path("media/<id:media_id>", MediaDetailApi.as_view()),
]
