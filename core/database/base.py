"""Django's PostgreSQL backend, whose connections are RotatingConnections."""

from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql import base

from core.database.logins import RotatingConnection


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own; its pool gets the class by OPTIONS["pool"]."""

    #: The driver as Django uses it: the errors of psycopg, and how to connect.
    Database = SimpleNamespace(  # type: ignore[assignment]
        **vars(psycopg) | {"connect": RotatingConnection.connect}
    )
