"""All routes: the API of each app, the admin, pictures, and the web client for everything else."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts.admin.numbers import admin_urls
from config import client, instance
from config.docs import DocsView, SchemaView
from config.mailbox import mailbox_urls
from core.api import problems

API: list[URLPattern | URLResolver] = [
    path("instance", instance.InstanceApi.as_view()),
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(), name="docs"),
    # What is read most comes first: Django tries one route after the other.
    path("", include("comments.api.urls")),
    path("", include("posts.api.urls")),
    path("", include("messaging.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("media_storage.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(API)),
    path("media/", include("media_storage.api.media_urls")),
    *admin_urls(),
    path("admin/", admin.site.urls),
    *mailbox_urls(),
    re_path(client.CLIENT_PATHS, client.page),
]

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
