"""The configured store of media: MEDIA_BACKEND_URL chooses it."""

import functools
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from media_storage.backends.base import MediaStorage
from media_storage.backends.local import LocalStorage


def media_storage() -> MediaStorage:
    """The store in use. Raises ImproperlyConfigured for a URL that names none."""
    return _storage_at(settings.MEDIA_BACKEND_URL)


@functools.lru_cache(maxsize=8)
def _storage_at(url: str) -> MediaStorage:
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return LocalStorage(location=unquote(parts.path))
    raise ImproperlyConfigured("MEDIA_BACKEND_URL names no known store of media.")
