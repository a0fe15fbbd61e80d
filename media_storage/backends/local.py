"""Media in a local folder."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from core.errors import StorageFullError
from media_storage.backends.base import MediaStorage, is_key, key_path

FILE_MODE, FOLDER_MODE = 0o640, 0o750
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@deconstructible
class LocalStorage(FileSystemStorage, MediaStorage):
    """Files in folders by key. A file appears whole, synced to the disk, or not at all."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location,
            file_permissions_mode=FILE_MODE,
            directory_permissions_mode=FOLDER_MODE,
            allow_overwrite=True,
        )

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            _write(temporary, content)
            temporary.replace(target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            if error.errno in FULL:
                raise StorageFullError from error
            raise
        return name

    def copy_key(self, old: str, new: str) -> None:
        """Hard links: at once, without a byte of room, and each name can go alone."""
        source, target = Path(self.path(key_path(old))), Path(self.path(key_path(new)))
        files = [file for file in source.iterdir() if not file.name.startswith(".")]
        target.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for file in files:
            _link(file, target / file.name)

    def drop_key(self, key: str) -> None:
        """Remove the key's folder."""
        shutil.rmtree(self.path(key_path(key)), ignore_errors=True)

    def sizes(self, key: str) -> dict[str, int]:
        """Read the key's folder."""
        folder = Path(self.path(key_path(key)))
        if not folder.is_dir():
            return {}
        return {
            file.name: file.stat().st_size
            for file in folder.iterdir()
            if not file.name.startswith(".")
        }

    def key_ages(self) -> Iterator[tuple[str, datetime]]:
        """Walk the two levels of folders."""
        for folder in Path(self.location).glob("[pso]/??/*"):
            if is_key(folder.name):
                with contextlib.suppress(FileNotFoundError):
                    changed = folder.stat().st_mtime
                    yield folder.name, datetime.fromtimestamp(changed, tz=UTC)


def _write(path: Path, content: File[Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in content.chunks():
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return
    except OSError:
        # Some network file systems know no links.
        shutil.copy2(source, target)


def from_url(parts: SplitResult, options: dict[str, str]) -> LocalStorage:
    """file:///an/absolute/folder. Raises ImproperlyConfigured."""
    if parts.netloc or not parts.path:
        raise ImproperlyConfigured("MEDIA_BACKEND_URL has to be file:///an/absolute/folder.")
    return LocalStorage(location=unquote(parts.path))
