"""What a store of media has to do, whatever keeps the bytes."""

import re
from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Literal

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from core.errors import UnavailableError
from media_storage.constants import KEY_PATTERN, NAME_PATTERN, STORE_RETRY_AFTER_S

_KEY: Final = re.compile(KEY_PATTERN)
_NAME: Final = re.compile(NAME_PATTERN)


class StoreUnavailableError(UnavailableError):
    """The store does not answer, or not in time; what was asked may or may not have happened."""

    code = "store_unavailable"
    detail = "The store of pictures does not answer at the moment. Try again soon."

    def __init__(self) -> None:
        super().__init__(retry_after=STORE_RETRY_AFTER_S)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that a client is to send: where to, and exactly what it may be.

    `token` is the store's own name of an upload in parts, empty until `form` gave one.
    """

    key: str
    name: str
    content_type: str
    bytes: int
    token: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a large upload: PUT exactly so many bytes there."""

    number: int
    url: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Form:
    """How a client sends the file past us: as a form with these fields, or each part by PUT."""

    url: str
    method: Literal["POST", "PUT"] = "POST"
    fields: dict[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Origins (https://host) where files are seen, and where they are sent."""

    shown: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendition:
    """A size and type (image/webp, image/avif) wanted of a picture, in pixels."""

    width: int
    type: str


class MediaStorage(Storage):
    """A Django storage whose files are grouped under keys.

    Saving is all or nothing and replaces what was there. Raises StorageFullError for lack of room,
    StoreUnavailableError when a store elsewhere does not answer.
    """

    #: Whether the bytes leave this machine.
    is_elsewhere: ClassVar[bool] = False

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
    def sizes(self, key: str) -> dict[str, int]:
        """The files of a key with their sizes in bytes; empty if it has none."""

    @abstractmethod
    def key_ages(self) -> Iterator[tuple[str, datetime]]:
        """Each key that has files, with the time of its last change."""

    def form(self, arrival: Arrival, *, until: datetime) -> Form | None:
        """Let a client send a file to the store itself; None if it has to come through us."""
        return None

    def arrived(self, arrival: Arrival) -> int | None:
        """How many bytes came by `form`, put together if they came in parts; None if they did not."""
        return self.sizes(arrival.key).get(arrival.name)

    def abandon(self, arrival: Arrival) -> None:
        """Forget what came by `form`, whole or in parts; nothing is fine."""
        self.drop_key(arrival.key)

    def is_waiting(self, keys: Collection[str]) -> bool:
        """Whether files of these keys still wait for the store to take them."""
        return False

    def address(self, key: str, *, end: int) -> tuple[str, str] | None:
        """What stands before and behind a file's name where the store serves the key itself.

        `end` is the second at which a signature ends. None: it is served below MEDIA_URL.
        """
        return None

    def hosts(self) -> Hosts:
        """Other hosts than ours that a browser talks to about files."""
        return Hosts()

    def is_told_by(self, body: bytes, *, timestamp: str, signature: str) -> bool:
        """Whether a notification really comes from this store, and lately."""
        return False

    def ready_made(self, key: str, name: str, wanted: Sequence[Rendition]) -> list[bytes] | None:
        """Further sizes that the store itself made of an original; None if it makes none."""
        return None


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
