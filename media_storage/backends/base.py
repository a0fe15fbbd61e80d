"""What a store of media has to do, whatever keeps the bytes."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from media_storage.constants import KEY_PATTERN, NAME_PATTERN

_KEY: Final = re.compile(KEY_PATTERN)
_NAME: Final = re.compile(NAME_PATTERN)


class MediaStorage(Storage):
    """A Django storage whose files are grouped under keys.

    Saving is all or nothing and replaces what was there. Raises StorageFullError for lack of room.
    """

    def put(self, key: str, name: str, content: bytes | File[Any]) -> None:
        """Keep one file under the key."""
        self.save(
            file_path(key, name), ContentFile(content) if isinstance(content, bytes) else content
        )

    def fetch(self, key: str, name: str) -> File[Any]:
        """Open one file for reading; raises FileNotFoundError."""
        return self.open(file_path(key, name))

    def drop(self, key: str, name: str) -> None:
        """Remove one file; a missing one is fine."""
        self.delete(file_path(key, name))

    @abstractmethod
    def copy_key(self, old: str, new: str) -> None:
        """Make all files of one key exist under another too; raises FileNotFoundError."""

    @abstractmethod
    def drop_key(self, key: str) -> None:
        """Remove all files of a key; a missing key is fine."""

    @abstractmethod
    def key_ages(self) -> Iterator[tuple[str, datetime]]:
        """Each key that has files, with the time of its last change."""


def file_path(key: str, name: str) -> str:
    """The place of a file below the root: spread over folders by the key's first letters."""
    if not _NAME.fullmatch(name):
        raise SuspiciousFileOperation(f"not a media file name: {name!r}")
    return f"{key_path(key)}/{name}"


def is_key(text: str) -> bool:
    """True if it has the form of a key."""
    return bool(_KEY.fullmatch(text))


def key_path(key: str) -> str:
    """The folder of a key below the root."""
    if not is_key(key):
        raise SuspiciousFileOperation(f"not a media key: {key!r}")
    return f"{key[0]}/{key[1:3]}/{key}"
