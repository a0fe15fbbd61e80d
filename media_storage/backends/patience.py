"""How long a store may take: little while a person waits, much in the background."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Final, Self

from django.core.files.base import File

from media_storage.backends.base import StoreUnavailableError
from media_storage.constants import STORE_PATIENCE_S

CHUNK: Final = 1 << 16


@dataclass(slots=True)
class _Patience:
    end: float


_present: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextlib.contextmanager
def patience(seconds: float = STORE_PATIENCE_S) -> Iterator[None]:
    """Somebody waits: all that is asked of the store in this block together gets so long."""
    token = _present.set(_Patience(time.monotonic() + seconds))
    try:
        yield
    finally:
        _present.reset(token)


def is_hasty() -> bool:
    """True while somebody waits."""
    return _present.get() is not None


def check() -> None:
    """Raise StoreUnavailableError when the time of this block is over."""
    present = _present.get()
    if present is not None and time.monotonic() >= present.end:
        raise StoreUnavailableError


def lose() -> None:
    """The store failed: nothing further in this block waits for it."""
    present = _present.get()
    if present is not None:
        present.end = 0.0


class Sending:
    """A file on its way to the store; reading on ends with the patience."""

    def __init__(self, content: IO[bytes] | File[Any]) -> None:
        self._content = content

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stays open: whoever opened the file closes it."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises StoreUnavailableError when it takes too long."""
        check()
        data: bytes = self._content.read(size)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of any file."""
        self._content.seek(offset, whence)
        return self._content.tell()

    def tell(self) -> int:
        """As of any file."""
        return self._content.tell()
