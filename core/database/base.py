"""Django's PostgreSQL backend, whose connections are RotatingConnections."""

import select
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations

from core.database.breaker import Breaker
from core.database.logins import RotatingConnection

_breaker = Breaker()


def connect(*args: Any, **kwargs: Any) -> psycopg.Connection[Any]:
    """A RotatingConnection, unless the database did not answer a moment ago."""
    return _breaker.attempt(lambda: RotatingConnection.connect(*args, **kwargs))


class DatabaseOperations(operations.DatabaseOperations):
    """As Django's own."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """For logs and tests: the text without its values where the driver keeps none, as of hot reads."""
        return super().last_executed_query(cursor, sql, params) or str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, with connections of ours."""

    ops_class = DatabaseOperations

    #: The driver as Django uses it: the errors of psycopg, and how to connect.
    Database = SimpleNamespace(  # type: ignore[assignment]
        **vars(psycopg) | {"connect": connect}
    )

    def is_usable(self) -> bool:
        """Whether the connection still lives; before the first query of each request.

        A server that ends a connection says so. While it has said nothing, it is not asked either.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
