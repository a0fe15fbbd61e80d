"""The store of media, by really writing into it; and the room on the disks."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.ops.bare import is_replaced
from config.ops.doctor.findings import Finding, fault, ok, warning
from core.errors import StorageFullError
from media_storage.backends.storage import media_storage

#: As large as a small variant of a picture.
PROBE_BYTES: Final = 100_000
# An upload of 50 MB is on the disk twice while it is decoded.
FAULT_BYTES: Final = 200_000_000
WARNING_PERCENT: Final = 10
_NAME: Final = "probe.jpg"


def examine_storage() -> Iterator[Finding]:
    """Write a file, read it back, take it away."""
    folder = _folder()
    if folder and settings.KIND == "production" and not folder.is_dir():
        yield fault("storage", f"there is no folder {folder}", f"{_mend()} bootstrap makes it.")
    elif folder and os.geteuid() == 0 != (folder.stat().st_uid if folder.exists() else 0):
        yield warning(
            "storage",
            "not examined: root would leave folders in which the service cannot write",
            "Run it as the service's account: deploy/bin/manage doctor",
        )
    else:
        yield _probed()


def _probed() -> Finding:
    key, content = f"o{secrets.token_hex(16)}", secrets.token_bytes(PROBE_BYTES)
    began = time.perf_counter()
    try:
        store = media_storage()
        try:
            store.put(key, _NAME, content)
            with store.fetch(key, _NAME) as file:
                is_same = file.read() == content
        finally:
            store.drop_key(key)
    except ImproperlyConfigured as error:
        return fault("storage", str(error), "Correct MEDIA_BACKEND_URL; see .env.example.")
    except StorageFullError:
        return fault("storage", "there is no room for a file", "Make room, or a larger disk.")
    except Exception as error:  # noqa: BLE001 - each store has errors of its own
        return fault("storage", f"{type(error).__name__}: {error}", _mend())
    if not is_same:
        return fault("storage", "a file came back changed", "Check the disk or the bucket.")
    took_ms = (time.perf_counter() - began) * 1000
    return ok("storage", f"a file was written, read back and deleted in {took_ms:.0f} ms")


def examine_disks() -> Iterator[Finding]:
    """The room where pictures, temporary files and the code are; each disk once."""
    seen: set[int] = set()
    for what, path in _places():
        there = next(folder for folder in (path, *path.parents) if folder.exists())
        device = there.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _room(what, there)


def _places() -> Iterator[tuple[str, Path]]:
    media = _folder()
    if media and not is_replaced("MEDIA_BACKEND_URL"):
        yield "media", media
    yield "temporary files", Path(tempfile.gettempdir())
    yield "the release", Path(settings.BASE_DIR)
    yield "the database, if it is here", Path("/var/lib/postgresql")
    yield "logs", Path("/var/log")


def _room(what: str, path: Path) -> Finding:
    usage = shutil.disk_usage(path)
    percent = usage.free * 100 / usage.total
    found = f"{usage.free / 1e9:.1f} GB ({percent:.0f} %) free for {what} at {path}"
    mend = f"Make room there (du -xh --max-depth=2 {path} | sort -h), or give it a larger disk."
    if usage.free < FAULT_BYTES:
        return fault("disk", found, mend)
    if percent < WARNING_PERCENT:
        return warning("disk", found, mend)
    return ok("disk", found)


def _folder() -> Path | None:
    """Where media are kept, if that is a folder of this machine."""
    parts = urlsplit(settings.MEDIA_BACKEND_URL)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _mend() -> str:
    folder = _folder()
    if folder is None:
        return "Is the store up, and may this machine's role or key write to it?"
    return f"{folder} has to be a folder in which uid {os.geteuid()} may write."
