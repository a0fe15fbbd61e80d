"""All routes: the API of each app, the admin, pictures, and the web client for everything else."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts.admin.numbers import admin_urls
from accounts.api import urls as accounts
from comments.api import urls as comments
from config import client, instance
from config.docs import DocsView, SchemaView
from config.mailbox import mailbox_urls
from core.api import problems
from media_storage.api import urls as media_storage
from messaging.api import urls as messaging
from notifications.api import urls as notifications
from posts.api import urls as posts

API: list[URLPattern | URLResolver] = [
    path("instance", instance.InstanceApi.as_view()),
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(), name="docs"),
    # What is read most comes first: Django tries one route after the other. In one list, for it
    # would note what it tried in each list before.
    *comments.urlpatterns,
    *posts.urlpatterns,
    *messaging.urlpatterns,
    *notifications.urlpatterns,
    *accounts.urlpatterns,
    *media_storage.urlpatterns,
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
