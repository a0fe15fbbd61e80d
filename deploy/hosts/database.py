"""PostgreSQL as its own tools reach it: the URL of the services, in libpq's variables."""

import os
import subprocess
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config import env as environment

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


@dataclass(frozen=True, slots=True)
class Database:
    """One database. Its password is never part of a command line, which others can read."""

    url: str
    name: str

    @classmethod
    def of_services(cls) -> "Database":
        """The one of DATABASE_DIRECT_URL, else DATABASE_URL, of this environment."""
        env = environment.load("production")
        return cls.at(env.database_direct_url or env.database_url)

    @classmethod
    def at(cls, url: str) -> "Database":
        """The database that a URL names."""
        return cls(url, str(conninfo_to_dict(url)["dbname"]))

    def other(self, name: str) -> "Database":
        """Another database of the same server."""
        return Database(self.url, name)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection on which each statement is its own transaction."""
        return psycopg.connect(self.url, dbname=self.name, autocommit=True, connect_timeout=10)

    def run(self, *command: str) -> None:
        """Run pg_dump or pg_restore on it. Raises CalledProcessError."""
        given = conninfo_to_dict(self.url) | {"dbname": self.name}
        variables = {
            _VARIABLES[key]: str(value) for key, value in given.items() if key in _VARIABLES
        }
        subprocess.run(command, env=os.environ | variables, check=True)  # noqa: S603


def count_rows(connection: "psycopg.Connection[tuple[object, ...]]") -> dict[str, int]:
    """The number of rows in each of our tables, as this connection sees them."""
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    counts = {}
    for (name,) in names:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(name)))
        row = connection.execute(query).fetchone()
        counts[str(name)] = int(str(row[0])) if row else 0
    return counts
