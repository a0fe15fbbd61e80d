"""PostgreSQL for one folder: its cluster, its command line, its first database."""

import contextlib
import locale
import os
import shutil
from pathlib import Path
from signal import SIGINT, SIGQUIT
from urllib.parse import quote

import psycopg

from core.embedded.binaries import find_postgres, postgres_major
from core.embedded.children import Launch
from core.embedded.errors import EmbeddedServiceError
from core.embedded.folders import ServiceFolder
from core.embedded.processes import command_line_of, identity_of, stop_process
from core.embedded.root import RunAs, choose_account

NAME = "jyoti"
_SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# What a test run writes need not survive a power cut; it does survive a killed server.
_TEST_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """Answers on a UNIX socket only, in a folder that no other account can enter; so no password.

    The application's role owns its database and may create others, and is no superuser: as on a
    managed server. The superuser `postgres` is open on the same socket.
    """

    name = "postgres"
    stop_signals = (SIGINT, SIGQUIT)  # fast, immediate

    def __init__(self, folder: ServiceFolder, kind: str, binaries: Path | None = None) -> None:
        self.folder = folder
        self._settings = _SETTINGS | (_TEST_SETTINGS if kind == "test" else {})
        self._binaries = binaries

    def url(self, sockets: Path) -> str:
        """Where the application finds its database."""
        return _url(sockets, role=NAME, database=NAME)

    def answers(self, sockets: Path) -> bool:
        """Whether a query on the application's database succeeds."""
        try:
            with psycopg.connect(self.url(sockets), connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self) -> int:
        """Find the programs, make the cluster when there is none; the account that will own it."""
        account = choose_account(self.folder.path, self._binaries or find_postgres())
        # A new major version starts with an empty cluster; the old one stays where it is.
        cluster = account.home / f"data-{postgres_major(account.binaries)}"
        if not cluster.exists():
            _make_cluster(account, cluster)
        self._account, self._cluster = account, cluster
        return os.geteuid() if account.user is None else account.user

    def launch(self, sockets: Path) -> Launch:
        """How to start the server; ends first whatever still runs on this cluster."""
        _stop_leftover(self._cluster)
        settings = self._settings | {"unix_socket_directories": str(sockets)}
        return Launch(
            name=self.name,
            command=[
                *self._account.prefix,
                str(self._account.binaries / "postgres"),
                *("-D", str(self._cluster)),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            log=self.folder.server_log,
            environ=_environ(),
            user=self._account.user,
            stop_signals=self.stop_signals,
        )

    def open_up(self, sockets: Path) -> bool:
        """Make the application's database where it is missing; False while nothing answers yet."""
        try:
            with psycopg.connect(_url(sockets), autocommit=True, connect_timeout=5) as connection:
                _make_database(connection)
            with psycopg.connect(_url(sockets, database=NAME), connect_timeout=5) as connection:
                connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        except psycopg.OperationalError:
            return False
        return True


def _make_database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
        connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB IN ROLE pg_monitor")
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
        connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")


def _url(sockets: Path, *, role: str = _SUPERUSER, database: str = _SUPERUSER) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(sockets))}&port=5432"


def _make_cluster(account: RunAs, cluster: Path) -> None:
    draft = cluster.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    made = account.run(
        str(account.binaries / "initdb"),
        *("--pgdata", str(draft), "--username", _SUPERUSER, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", _locale(), "--no-instructions"),
    )
    if made.returncode:
        raise EmbeddedServiceError(f"initdb failed: {made.stderr.strip()}")
    draft.rename(cluster)


def _stop_leftover(cluster: Path) -> None:
    """End a server that still runs on this cluster; a pid now used by another process is not it."""
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    identity = identity_of(pid)
    if identity and f" -D {cluster} " in command_line_of(pid):
        stop_process(identity, Postgres.stop_signals, grace_s=10)
    pid_file.unlink(missing_ok=True)


def _environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": _locale()}


def _locale() -> str:
    """A locale that knows all of Unicode's letters; C knows English alone."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
