"""A PostgreSQL that one module of tests may bend as it likes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.embedded import ensure_services, release_services


@contextmanager
def own_postgres(folder: Path) -> Iterator[str]:
    """The address of an empty database on it; its superuser `postgres` needs no password."""
    # Valkey is not needed: an address that is given starts none.
    yield ensure_services("test", redis_url="redis://unused", base=folder).database_url
    release_services("test", base=folder)
