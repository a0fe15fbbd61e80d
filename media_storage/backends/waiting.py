"""In front of a store elsewhere: what it does not take while somebody waits is kept for it.

The bytes wait in the database, the one durable place that all hosts share, until
services.waiting brings them; until then they are read from there.
"""

import contextlib
import logging
import tempfile
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Max, Sum
from django.db.models.functions import Length

from media_storage.backends import patience
from media_storage.backends.base import (
    Arrival,
    Form,
    Hosts,
    MediaStorage,
    Rendition,
    StoreUnavailableError,
)
from media_storage.constants import WAITING_BYTES_MAX, WAITING_PART_BYTES
from media_storage.models import WaitingPart

log = logging.getLogger(__name__)


class WaitingStorage(MediaStorage):
    """The store behind it, and what waits for it."""

    is_elsewhere = True

    def __init__(self, store: MediaStorage) -> None:
        self.store = store

    def put(self, key: str, name: str, content: bytes | File[Any]) -> None:
        """Keep one file; while somebody waits, in the database if the store does not take it.

        Raises StoreUnavailableError in the background, or when too much waits already.
        """
        try:
            self.store.put(key, name, content)
        except StoreUnavailableError:
            if not patience.is_hasty():
                raise
            log.warning("a file waits for the store", extra={"key": key, "file": name})
            keep(key, name, ContentFile(content) if isinstance(content, bytes) else content)

    def fetch(self, key: str, name: str) -> File[Any]:
        """From the store, or from what waits; raises FileNotFoundError, StoreUnavailableError."""
        try:
            return self.store.fetch(key, name)
        except (FileNotFoundError, StoreUnavailableError):
            file = waiting_file(key, name)
            if file is None:
                raise
            return file

    def drop(self, key: str, name: str) -> None:
        """Remove one file wherever it is."""
        WaitingPart.objects.filter(key=key, name=name).delete()
        self.store.drop(key, name)

    def copy_key(self, old: str, new: str) -> None:
        """Copy what is there and what waits."""
        waits = WaitingPart.objects.filter(key=old)
        try:
            self.store.copy_key(old, new)
        except FileNotFoundError:
            if not waits.exists():
                raise
        with transaction.atomic():
            for part in waits.iterator(chunk_size=1):
                WaitingPart.objects.create(
                    key=new, name=part.name, number=part.number, content=part.content
                )

    def drop_key(self, key: str) -> None:
        """Remove all files wherever they are; one who waits leaves the rest to the daily sweep."""
        WaitingPart.objects.filter(key=key).delete()
        with contextlib.suppress(*(StoreUnavailableError,) * patience.is_hasty()):
            self.store.drop_key(key)

    def sizes(self, key: str) -> dict[str, int]:
        """Those of the store and those that wait."""
        parts = WaitingPart.objects.filter(key=key).values("name")
        waiting = parts.annotate(bytes=Sum(Length("content"))).values_list("name", "bytes")
        return {**dict(waiting), **self.store.sizes(key)}

    def key_ages(self) -> Iterator[tuple[str, datetime]]:
        """Those of the store, then those that wait."""
        yield from self.store.key_ages()
        keys = WaitingPart.objects.values("key").annotate(at=Max("created_at"))
        yield from keys.values_list("key", "at")

    def form(self, arrival: Arrival, *, until: datetime) -> Form | None:
        """The store's; through us while it does not answer."""
        try:
            return self.store.form(arrival, until=until)
        except StoreUnavailableError:
            return None

    def arrived(self, arrival: Arrival) -> int | None:
        """At the store, or waiting for it."""
        parts = WaitingPart.objects.filter(key=arrival.key, name=arrival.name)
        waiting: int | None = parts.aggregate(bytes=Sum(Length("content")))["bytes"]
        return waiting or self.store.arrived(arrival)

    def abandon(self, arrival: Arrival) -> None:
        """Everywhere."""
        WaitingPart.objects.filter(key=arrival.key).delete()
        self.store.abandon(arrival)

    def is_waiting(self, keys: Collection[str]) -> bool:
        """Whether any part of these keys waits; none is delivered before the transaction ends."""
        parts = WaitingPart.objects.select_for_update().filter(key__in=keys)
        return bool(parts.values_list("pk"))

    def address(self, key: str, *, end: int) -> tuple[str, str] | None:
        """The store's."""
        return self.store.address(key, end=end)

    def hosts(self) -> Hosts:
        """The store's."""
        return self.store.hosts()

    def is_told_by(self, body: bytes, *, timestamp: str, signature: str) -> bool:
        """As the store says."""
        return self.store.is_told_by(body, timestamp=timestamp, signature=signature)

    def ready_made(self, key: str, name: str, wanted: Sequence[Rendition]) -> list[bytes] | None:
        """The store's."""
        return self.store.ready_made(key, name, wanted)

    def _save(self, name: str, content: File[Any]) -> str:
        return self.store.save(name, content)

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        return self.store.open(name, mode)

    def delete(self, name: str) -> None:
        """The store's alone."""
        self.store.delete(name)

    def exists(self, name: str) -> bool:
        """The store's alone."""
        return self.store.exists(name)

    def size(self, name: str) -> int:
        """The store's alone."""
        return self.store.size(name)


@transaction.atomic
def keep(key: str, name: str, content: File[Any]) -> None:
    """Keep a file in parts. Raises StoreUnavailableError when too much waits already."""
    if _waiting_bytes() + content.size > WAITING_BYTES_MAX:
        log.error("no file may wait for the store any more")
        raise StoreUnavailableError
    content.seek(0)
    WaitingPart.objects.filter(key=key, name=name).delete()
    number = 0
    while data := content.read(WAITING_PART_BYTES):
        WaitingPart.objects.create(key=key, name=name, number=number, content=data)
        number += 1


def waiting_file(key: str, name: str) -> File[Any] | None:
    """A file that waits, whole; None if it does not."""
    parts = WaitingPart.objects.filter(key=key, name=name).order_by("number")
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by whoever asked for it
    # One part at a time in memory.
    for content in parts.values_list("content", flat=True).iterator(chunk_size=1):
        file.write(content)
    if not file.tell():
        file.close()
        return None
    file.seek(0)
    return File(file)


def _waiting_bytes() -> int:
    """About: every part as a whole one, without reading any."""
    return WaitingPart.objects.count() * WAITING_PART_BYTES
