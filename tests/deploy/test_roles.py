"""The two users that sign in by turns, made by deploy/postgresql/roles.sql as RDS's master would."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.embedded.binaries import find_postgres
from core.embedded.root import RunAs, choose_account

ROLES = Path(__file__).parents[2] / "deploy" / "postgresql" / "roles.sql"
APP, CLONE = "jyoti_app", "jyoti_app_clone"
SECRET = "it's-a_sec.ret~"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that asks for passwords and whose master is no superuser: as on RDS."""

    account: RunAs
    sockets: Path

    def sign_in(self, user: str, password: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), dbname="jyoti", user=user, password=password, autocommit=True
        )

    def run(self, user: str, password: str, statement: str) -> None:
        with self.sign_in(user, password) as connection:
            connection.execute(statement)

    def give_password(self, user: str, password: str) -> None:
        """What the rotation function does, as the master."""
        with self.sign_in("jyoti_admin", "master") as connection:
            connection.execute(
                sql.SQL("ALTER USER {} WITH PASSWORD {}").format(
                    sql.Identifier(user), sql.Literal(password)
                )
            )

    def make_roles(self, user: str = APP, password: str = SECRET) -> None:
        """Run roles.sql as its head says."""
        subprocess.run(
            [
                self.account.binaries / "psql",
                *("--no-psqlrc", "--quiet", "--file", ROLES),
                f"host={self.sockets} user=jyoti_admin dbname=jyoti",
            ],
            env=os.environ | {"PGPASSWORD": "master", "APP_USER": user, "APP_PASSWORD": password},
            check=True,
            capture_output=True,
        )


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[Server]:
    account = choose_account(folder, find_postgres())
    data, programs = account.home / "data", account.binaries
    words = account.home / "superuser"
    words.write_text("super")
    account.run(
        *(str(programs / "initdb"), "--pgdata", str(data), "--username", "postgres"),
        *("--auth", "scram-sha-256", "--pwfile", str(words), "--no-sync"),
    ).check_returncode()
    settings = (
        f"-k {account.home} -c listen_addresses= -c shared_preload_libraries=pg_stat_statements"
    )
    control = (str(programs / "pg_ctl"), "--pgdata", str(data), "--wait")
    log = ("--log", str(account.home / "log"))
    account.run(*control, *log, "--options", settings, "start").check_returncode()
    try:
        yield Server(account, account.home)
    finally:
        account.run(*control, "--mode", "immediate", "stop").check_returncode()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Server]:
    """Started once; a UNIX socket needs a short path."""
    folder = Path(tempfile.mkdtemp(prefix="jyoti-roles-"))
    try:
        with _started(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def server(cluster: Server) -> Server:
    """The database of a stage that was just made."""
    home = str(cluster.sockets)
    with psycopg.connect(
        host=home, user="postgres", password="super", dbname="postgres", autocommit=True
    ) as root:
        root.execute("DROP DATABASE IF EXISTS jyoti WITH (FORCE)")
        for role in (APP, CLONE, "jyoti_owner", "jyoti_admin"):
            root.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
        root.execute("CREATE ROLE jyoti_admin LOGIN CREATEROLE CREATEDB PASSWORD 'master'")
        root.execute("GRANT pg_monitor TO jyoti_admin WITH ADMIN OPTION")
        root.execute("CREATE DATABASE jyoti OWNER jyoti_admin")
    # RDS lets its master add this one; elsewhere only a superuser may.
    with psycopg.connect(host=home, user="postgres", password="super", dbname="jyoti") as root:
        root.execute("CREATE EXTENSION pg_stat_statements")
    cluster.make_roles()
    return cluster


def test_each_of_the_two_may_change_what_the_other_made(server: Server) -> None:
    server.give_password(CLONE, "second")
    server.run(APP, SECRET, "CREATE TABLE of_app (id int)")
    server.run(CLONE, "second", "ALTER TABLE of_app ADD COLUMN more int")
    server.run(CLONE, "second", "CREATE TABLE of_clone (id int)")
    server.run(APP, SECRET, "ALTER TABLE of_clone ADD COLUMN more int")


def test_the_second_cannot_sign_in_before_it_was_given_a_password(server: Server) -> None:
    for guess in ("", SECRET):
        with pytest.raises(psycopg.OperationalError):
            server.sign_in(CLONE, guess)


def test_a_rotation_breaks_no_connection_and_neither_does_the_next(server: Server) -> None:
    with server.sign_in(APP, SECRET) as old:
        server.give_password(CLONE, "second")
        with server.sign_in(APP, SECRET) as late, server.sign_in(CLONE, "second"):
            server.give_password(APP, "third")
            assert late.execute("SELECT current_user").fetchone() == ("jyoti_owner",)
        assert old.execute("SELECT session_user").fetchone() == (APP,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        server.sign_in(APP, SECRET)


def test_a_second_run_changes_only_the_password(server: Server) -> None:
    server.run(APP, SECRET, "CREATE TABLE kept (id int)")
    server.make_roles(password="another")
    server.run(APP, "another", "INSERT INTO kept VALUES (1)")
    with pytest.raises(psycopg.OperationalError):
        server.sign_in(APP, SECRET)


def test_it_sets_the_password_of_whichever_user_the_secret_names(server: Server) -> None:
    server.make_roles(user=CLONE, password="turned")
    server.sign_in(CLONE, "turned").close()
    server.sign_in(APP, SECRET).close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE intruder",
        "ALTER ROLE jyoti_app_clone PASSWORD 'mine'",
        "CREATE DATABASE another",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_the_application_has_no_power_over_roles_and_databases(
    server: Server, statement: str
) -> None:
    with server.sign_in(APP, SECRET) as connection:
        connection.execute("SET ROLE NONE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_application_sees_the_statements_of_all_for_db_report(server: Server) -> None:
    with server.sign_in("jyoti_admin", "master") as master:
        master.execute("SELECT 'seen by everybody'")
    with server.sign_in(APP, SECRET) as connection:
        hidden = connection.execute(
            "SELECT count(*) FROM pg_stat_statements WHERE query = '<insufficient privilege>'"
        ).fetchone()
    assert hidden == (0,)
