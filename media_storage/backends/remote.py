"""What stores elsewhere have in common: names of ours, and files that come to the disk whole."""

import tempfile
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import SplitResult, unquote

from django.core.files.base import File

from media_storage.backends import patience
from media_storage.backends.base import MediaStorage, key_path
from media_storage.constants import TYPES, URL_WINDOW_S

YEAR_S: Final = 365 * 86_400


class RemoteStorage(MediaStorage):
    """A store behind a network: nothing is asked that need not be."""

    is_elsewhere = True

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Names are random already, and writing again replaces."""
        return name


def on_disk(chunks: Iterable[bytes]) -> File[Any]:
    """All bytes in a file without a name. Raises StoreUnavailableError when patience ends."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by whoever asked for it
    try:
        for chunk in chunks:
            patience.check()
            file.write(chunk)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return File(file)


def caching(path: str) -> str:
    """Cache-Control of a file: for good where everybody may read it, else for a signature's time."""
    if path.startswith("p/"):
        return f"public, max-age={YEAR_S}, immutable"
    return f"private, max-age={URL_WINDOW_S}"


def content_type(path: str) -> str:
    """By the ending, which is ours."""
    return TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def folder_of(prefix: str, key: str) -> str:
    """Where the files of a key begin, below the prefix."""
    return f"{prefix}{key_path(key)}/"


def prefix_of(parts: SplitResult) -> str:
    """The path of a store's URL as a prefix: empty, or with a slash at its end."""
    folder = unquote(parts.path).strip("/")
    return f"{folder}/" if folder else ""
