"""Connections that log in with the newest user and password, as the rotation last wrote them.

Everything that connects goes through one of the two classes: Django, the Batcher and the worker.
Connections that are open already are not disturbed by a rotation.
"""

import asyncio
import logging
import time
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings

log = logging.getLogger(__name__)

#: Between a refused login and the next: the rotation changes the server first and the file next.
PAUSES_S = (0.1, 0.2, 0.4, 0.8)


class RotatingConnection(psycopg.Connection[Any]):
    """psycopg's connection; refused logins are tried again with what the file says then."""

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """Connect within the pauses of PAUSES_S. Raises what psycopg does."""
        for pause_s in PAUSES_S:
            try:
                return super().connect(conninfo, **kwargs | newest_login())
            except psycopg.OperationalError as error:
                _check_refused(error)
            time.sleep(pause_s)
        return super().connect(conninfo, **kwargs | newest_login())


class AsyncRotatingConnection(psycopg.AsyncConnection[Any]):
    """The same for event loops."""

    @classmethod
    async def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """As RotatingConnection.connect."""
        for pause_s in PAUSES_S:
            try:
                return await super().connect(conninfo, **kwargs | newest_login())
            except psycopg.OperationalError as error:
                _check_refused(error)
            await asyncio.sleep(pause_s)
        return await super().connect(conninfo, **kwargs | newest_login())


def newest_login() -> dict[str, str]:
    """User and password of DATABASE_LOGIN_FILE; nothing when there is none or it is away now."""
    path = settings.DATABASE_LOGIN_FILE
    if path is None:
        return {}
    try:
        parts = urlsplit(path.read_text().strip())
    except OSError:
        log.warning("database login not read again", extra={"file": str(path)})
        return {}
    return {"user": unquote(parts.username or ""), "password": unquote(parts.password or "")}


def _check_refused(error: psycopg.OperationalError) -> None:
    """Raise the error unless another login may help.

    libpq keeps the SQLSTATE of a failed connection (28P01, 28000) to itself, and its words are in
    the server's language. That the server asked for a password is what can be known.
    """
    if (
        settings.DATABASE_LOGIN_FILE is None
        or error.pgconn is None
        or not error.pgconn.used_password
    ):
        raise error
    log.warning("login refused by the database, reading it again")
