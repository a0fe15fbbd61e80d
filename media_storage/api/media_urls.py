"""Where the files themselves are served, when no web server or CDN in front does it."""

from django.urls import re_path

from media_storage.api.files import MediaFileView
from media_storage.constants import KEY_PATTERN, NAME_PATTERN

urlpatterns = [
    re_path(rf"^(?P<key>{KEY_PATTERN})/(?P<name>{NAME_PATTERN})\Z", MediaFileView.as_view()),
]
