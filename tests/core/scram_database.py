"""A PostgreSQL that asks for passwords, and what a rotation of them does to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from core.embedded import ensure_services, release_services

OWNER = "jyoti"
#: Whoever is in it has to give a password.
SIGNS_IN = "signs_in"
GONE_WITHIN_MS = 5000


class ScramDatabase:
    """The database `jyoti` of a server of its own; users log in by SCRAM and act as its owner."""

    def __init__(self, url: str, login_file: Path) -> None:
        parts = urlsplit(url)
        self._host = parse_qs(parts.query)["host"][0]
        self.login_file = login_file
        self._admin = psycopg.connect(
            host=self._host, user="postgres", dbname="jyoti", autocommit=True
        )
        self._ask_for_passwords()

    def close(self) -> None:
        self._admin.close()

    def url(self, user: str, password: str) -> str:
        return f"postgresql://{user}:{password}@/jyoti?host={self._host}&port=5432"

    def create_user(self, user: str, password: str) -> None:
        """As deploy/postgresql/roles.sql does."""
        name, owner = sql.Identifier(user), sql.Identifier(OWNER)
        make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}, {}").format(
            name, sql.Literal(password), owner, sql.Identifier(SIGNS_IN)
        )
        self._admin.execute(make)
        self._admin.execute(sql.SQL("ALTER ROLE {} SET role TO {}").format(name, owner))

    def change_password(self, user: str, password: str) -> None:
        words = sql.Identifier(user), sql.Literal(password)
        self._admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(*words))

    def tell(self, user: str, password: str) -> None:
        """Write the login where the services read it, as deploy/bin/fetch-secrets does."""
        draft = self.login_file.with_suffix(".new")
        draft.write_text(self.url(user, password) + "\n")
        draft.rename(self.login_file)

    def end_resting(self, *, older_than_ms: int = 250) -> int:
        """End the connections of users that are in no use; how many those were.

        One that is in use may rest, too, between two statements of a request on a busy machine.
        They are gone when this returns.
        """
        rows = self._admin.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE backend_type = "
            "'client backend' AND usename LIKE 'jyoti\\_%%' AND state = 'idle' "
            "AND state_change < now() - make_interval(secs => %s)",
            [GONE_WITHIN_MS, older_than_ms / 1000],
        )
        return len(rows.fetchall())

    def users(self) -> set[str]:
        """Who is connected."""
        rows = self._admin.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE backend_type = 'client backend' "
            "AND usename LIKE 'jyoti\\_%'"
        )
        return {user for (user,) in rows.fetchall()}

    def fetch(self, statement: str) -> list[tuple]:
        return self._admin.execute(statement).fetchall()

    def _ask_for_passwords(self) -> None:
        (hba,) = self._admin.execute("SHOW hba_file").fetchone()
        rules = Path(hba)
        self._admin.execute(f"CREATE ROLE {SIGNS_IN}")
        rules.write_text(f"local jyoti +{SIGNS_IN} scram-sha-256\n{rules.read_text()}")
        self._admin.execute("SELECT pg_reload_conf()")


@contextmanager
def scram_database(folder: Path) -> Iterator[ScramDatabase]:
    """Start it below `folder`; it ends with the context."""
    urls = ensure_services("test", base=folder, redis_url="unix://unused")
    made = ScramDatabase(urls.database_url, folder / "DATABASE_URL")
    try:
        yield made
    finally:
        made.close()
        release_services("test", base=folder)
