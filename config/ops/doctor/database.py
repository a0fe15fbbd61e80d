"""PostgreSQL: reachable, new enough, encrypted on the way, complete, with room for connections."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import conninfo_to_dict

from config.ops.doctor.clocks import compare
from config.ops.doctor.findings import Finding, fault, ok, warning
from messaging.services.batcher import conninfo

OLDEST: Final = 150000
MOST_CONNECTIONS_PERCENT: Final = 80
EXTENSIONS: Final = ("pg_trgm",)
USEFUL_EXTENSIONS: Final = ("pg_stat_statements",)

_CONNECTIONS: Final = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int,
       current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int
"""
_MENDS: Final = {
    "28P01": "The password is another one. On AWS it may just have been changed: "
    "systemctl start jyoti-secrets. Else correct DATABASE_URL.",
    "28000": "The server lets this account not in from here: look at pg_hba.conf and sslmode.",
    "3D000": "Make the database: createdb -O <account> <name>.",
    "53300": "All connections are taken: manage.py db_report shows by whom; raise max_connections.",
    "57P03": "The server is starting or recovering: try again in a minute.",
}
_AWAY: Final = (
    "Is the server up, is its port open to this machine (security group, firewall), and is the "
    "host in DATABASE_URL right?"
)


def examine_database() -> Iterator[Finding]:
    """Everything about the server behind DATABASE_URL, or DATABASE_DIRECT_URL where that is set."""
    address = conninfo(settings.DATABASES["default"])
    try:
        server = psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as error:
        yield fault("database", _said(error), _mend(error))
        return
    with closing(server):
        yield from _examine_server(server)
        yield from _examine_way(server, conninfo_to_dict(address))
        yield from _examine_extensions(server)
        yield from _examine_room(server)
        yield from _examine_clock(server)
    yield from _examine_migrations()
    yield from _examine_pooler(address)


def _examine_server(server: psycopg.Connection[Any]) -> Iterator[Finding]:
    number = server.info.server_version
    found = f"PostgreSQL {number // 10000}.{number % 10000} answers"
    if number < OLDEST:
        yield fault("database", found, "Jyoti needs PostgreSQL 15 or newer: upgrade the server.")
    else:
        yield ok("database", found)


def _examine_way(server: psycopg.Connection[Any], address: dict[str, Any]) -> Iterator[Finding]:
    """Whether what goes over a network is encrypted, and the other side is who it says."""
    host = str(address.get("host", ""))
    if host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1"):
        yield ok("database", "it is on this machine; nothing goes over a network")
    elif not server.pgconn.ssl_in_use:
        yield fault(
            "database",
            "the connection is not encrypted",
            "Add ?sslmode=verify-full&sslrootcert=<CA file> to DATABASE_URL.",
        )
    elif address.get("sslmode") != "verify-full":
        yield warning(
            "database",
            "the connection is encrypted, but anybody could stand in between",
            "Use sslmode=verify-full with sslrootcert=<CA file> in DATABASE_URL.",
        )
    else:
        yield ok("database", "the connection is encrypted and the server's certificate checked")


def _examine_extensions(server: psycopg.Connection[Any]) -> Iterator[Finding]:
    there = {name for (name,) in server.execute("SELECT extname FROM pg_extension")}
    missing = [name for name in EXTENSIONS if name not in there]
    if missing:
        yield fault(
            "database",
            f"extension {', '.join(missing)} is missing",
            "manage.py migrate makes it; the account needs CREATE on the database.",
        )
    for name in USEFUL_EXTENSIONS:
        if name not in there:
            yield warning(
                "database",
                f"extension {name} is missing: db_report cannot name slow statements",
                f"As superuser: shared_preload_libraries = '{name}', then CREATE EXTENSION {name}.",
            )
    if not missing:
        yield ok("database", f"extension {', '.join(EXTENSIONS)} is there")


def _examine_room(server: psycopg.Connection[Any]) -> Iterator[Finding]:
    used, most = server.execute(_CONNECTIONS).fetchone() or (0, 1)
    found = f"{used} of {most} connections are in use"
    if used * 100 > most * MOST_CONNECTIONS_PERCENT:
        yield warning(
            "database", found, "Raise max_connections, or run fewer processes; see db_report."
        )
    else:
        yield ok("database", found)


def _examine_clock(server: psycopg.Connection[Any]) -> Iterator[Finding]:
    before = datetime.now(UTC)
    row = server.execute("SELECT clock_timestamp()").fetchone()
    yield from compare("database", row[0] if row else before, before, datetime.now(UTC))


def _examine_migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    connection.close()
    if names:
        shown = ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")  # noqa: PLR2004
        yield fault("database", f"{len(names)} migrations wait: {shown}", "manage.py migrate")
    else:
        yield ok("database", "every migration is applied")


def _examine_pooler(direct: str) -> Iterator[Finding]:
    """DATABASE_URL itself, where commands go round it by DATABASE_DIRECT_URL."""
    url = settings.ENV.database_url
    if not settings.ENV.database_direct_url or urlsplit(url).hostname == _host(direct):
        return
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as pooler:
            pooler.execute("SELECT 1", prepare=False)
    except psycopg.OperationalError as error:
        yield fault("database", f"DATABASE_URL: {_said(error)}", _mend(error))
    else:
        yield ok("database", "DATABASE_URL answers, too")


def _host(address: str) -> str | None:
    return conninfo_to_dict(address).get("host")  # type: ignore[return-value]


def _said(error: psycopg.OperationalError) -> str:
    """The server's sentence without the address that libpq puts before it on several lines."""
    return " ".join(str(error).split())


def _mend(error: psycopg.OperationalError) -> str:
    state = error.sqlstate or next((s for s, words in _WORDS.items() if words in str(error)), "")
    return _MENDS.get(state, _AWAY)


# While a connection is being made, psycopg has the server's words but no state.
_WORDS: Final = {
    "28P01": "password authentication failed",
    "28000": "no pg_hba.conf entry",
    "3D000": "does not exist",
    "53300": "too many clients",
    "57P03": "starting up",
}
