"""The configured store of media: MEDIA_BACKEND_URL chooses it."""

import functools
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from media_storage.backends.base import MediaStorage
from media_storage.backends.waiting import WaitingStorage

Options = dict[str, str]
# By name: only the SDK that is used takes memory.
_STORES: Final = {
    "file": "media_storage.backends.local.from_url",
    "s3": "media_storage.backends.s3.from_url",
    "cloudinary": "media_storage.backends.cloudinary.from_url",
}


def media_storage() -> MediaStorage:
    """The store in use. Raises ImproperlyConfigured for a URL that names none.

    What a store elsewhere does not take while somebody waits is kept in the database for it.
    """
    store = storage_at(settings.MEDIA_BACKEND_URL)
    return WaitingStorage(store) if store.is_elsewhere else store


@functools.lru_cache(maxsize=8)
def storage_at(url: str) -> MediaStorage:
    """The store that a URL names, alone. Raises ImproperlyConfigured."""
    parts = urlsplit(url)
    name = _STORES.get(parts.scheme)
    if name is None:
        raise ImproperlyConfigured("MEDIA_BACKEND_URL names no known store of media.")
    from_url: Callable[[SplitResult, Options], MediaStorage] = import_string(name)
    options = dict(parse_qsl(parts.query))
    store = from_url(parts, options)
    if options:
        unknown = ", ".join(sorted(options))
        raise ImproperlyConfigured(f"MEDIA_BACKEND_URL has unknown options: {unknown}.")
    return store
