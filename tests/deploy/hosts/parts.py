"""The servers of a site: database, cache, application hosts, and what stands in for the balancer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from core.embedded.binaries import find_postgres, find_valkey
from core.embedded.root import RunAs, choose_account
from tests.deploy.boot.machine import until
from tests.deploy.hosts.network import SUBNET, Host
from tests.deploy.hosts.units import Unit, constants, unit

SITE: Final = "jyoti.test"
CURRENT: Final = "/opt/jyoti/current"
SERVICES: Final = ("jyoti-http", "jyoti-ws", "jyoti-worker")
START_S: Final = 60
_INIT: Final = Path(__file__).with_name("init.py")

# A host has /run and /opt of its own; the release and the pictures, which S3 keeps for all hosts,
# are shown to it.
_OWN_FOLDERS: Final = """
mount --make-rprivate /
mount -t tmpfs tmpfs /run && mkdir /run/jyoti
mount -t tmpfs tmpfs /opt && mkdir -p /opt/jyoti/current
mount --bind "$1" /opt/jyoti/current
mount --bind "$2" /opt/jyoti/current/.venv
cd /opt/jyoti/current && shift 2 && exec "$@"
"""

# Path routing, health checks and idle time as deploy/cfn/app.yaml has them, at a faster pulse.
# Unlike the balancer it opens a connection for each request: one that it kept to a dead host would
# swallow the next request, which is in flight then and may fail.
_HAPROXY: Final = """
defaults
    mode http
    timeout connect 500ms
    timeout client {idle}s
    timeout server {idle}s
    timeout tunnel {idle}s
    retries 3
    option redispatch 1
    option http-server-close
    http-reuse never
    timeout check 5s
    default-server inter 500ms fall 3 rise 2
frontend site
    bind {address}:80
    option forwardfor
    http-request set-header X-Forwarded-Proto https
    use_backend websocket if {{ path_beg /ws/ }}
    default_backend http
backend http
    balance roundrobin
    option httpchk GET {ready}
{http}
backend websocket
    balance leastconn
    option httpchk GET {ready}
{websocket}
frontend numbers
    bind {address}:8404
    stats enable
    stats uri /
"""


class Database:
    """PostgreSQL on a host of its own."""

    def __init__(self, host: Host, folder: Path) -> None:
        self._host, self._folder = host, folder
        folder.mkdir()

    @property
    def url(self) -> str:
        """Where the application finds it."""
        return f"postgresql://jyoti@{self._host.address}:5432/jyoti"

    def start(self) -> None:
        """Make the cluster and its database, and serve it."""
        account = choose_account(self._folder, find_postgres())
        cluster = account.home / "data"
        made = account.run(
            str(account.binaries / "initdb"),
            *("--pgdata", str(cluster), "--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
        )
        assert made.returncode == 0, made.stderr
        with (cluster / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {SUBNET}.0/24 trust\n")
        self._serve(account, cluster)
        self._make_database()

    def _serve(self, account: RunAs, cluster: Path) -> None:
        words = ["-c", f"listen_addresses={self._host.address}", "-c", "unix_socket_directories="]
        words += ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "max_connections=200"]
        with (self._folder / "log").open("wb") as log:
            self._host.start(
                *account.prefix, f"{account.binaries}/postgres", "-D", str(cluster), *words, log=log
            )

    def _make_database(self) -> None:
        until(lambda: self._ask("postgres", "SELECT 1"), START_S)
        assert self._ask("postgres", "CREATE ROLE jyoti LOGIN CREATEDB")
        assert self._ask("postgres", "CREATE DATABASE jyoti OWNER jyoti")
        assert self._ask("jyoti", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def _ask(self, database: str, statement: str) -> bool:
        """Run SQL as the superuser, from inside this host; whether it succeeded."""
        address = f"postgresql://postgres@{self._host.address}:5432/{database}?connect_timeout=2"
        script = (
            "import psycopg, sys\n"
            "with psycopg.connect(sys.argv[1], autocommit=True) as connection:\n"
            "    connection.execute(sys.argv[2])\n"
        )
        command = [*self._host.enter, sys.executable, "-c", script, address, statement]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


class Cache:
    """Valkey on a host of its own."""

    def __init__(self, host: Host, log: Path) -> None:
        self._host, self._log = host, log

    @property
    def url(self) -> str:
        """Where the application finds it."""
        return f"redis://{self._host.address}:6379/0"

    def start(self) -> None:
        """Serve it."""
        words = ("--bind", self._host.address, "--protected-mode", "no", "--save", "")
        with self._log.open("wb") as log:
            self._host.start(str(find_valkey()), *words, log=log)


class Application:
    """A host of the aws profile: gunicorn, gateway and worker by the units' own command lines."""

    def __init__(self, host: Host, tree: Path, folder: Path, environ: dict[str, str]) -> None:
        self.host, self._tree, self._folder = host, tree, folder
        self._environ = environ
        self._init: subprocess.Popen[bytes] | None = None
        folder.mkdir()

    def migrate(self) -> None:
        """Bring the database up to date."""
        done = subprocess.run(
            self.command("migrate", "-v0"), check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def command(self, *words: str) -> list[str]:
        """`manage.py` on this host."""
        environ = self._environ | unit("jyoti-http").environ | {"JYOTI_PROCESS": "command"}
        python = [*self._enter(), f"{CURRENT}/.venv/bin/python", "manage.py"]
        return [*self.host.enter, "env", *_pairs(environ), *python, *words]

    def start(self) -> None:
        """Start the three services, and whoever starts them again."""
        file = self._folder / "services.json"
        file.write_text(json.dumps([self._service(unit(name)) for name in SERVICES]))
        with self.log("init").open("wb") as log:
            command = [*self._enter(), sys.executable, str(_INIT), str(file)]
            self._init = self.host.start(*command, log=log)

    def log(self, name: str) -> Path:
        """What a service has said."""
        return self._folder / f"{name}.log"

    def drain(self) -> None:
        """What deploy/bin/drain does first: the file that sends everybody to other hosts."""
        self._in_host("touch", constants()["paths"]["draining"])

    def take_part(self) -> None:
        """Take the file away again."""
        self._in_host("rm", constants()["paths"]["draining"])

    def answer(self, path: str, port: int, timeout_s: float = 10) -> tuple[int, str]:
        """Status and body of a route, asked on the host itself; status 0 without an answer."""
        said = self.host.run(
            *("curl", "--silent", "--max-time", str(timeout_s), "--write-out", "\n%{http_code}"),
            f"http://{self.host.address}:{port}{path}",
            check=False,
        )
        body, _, status = said.rpartition("\n")
        return int(status or 0), body

    def _service(self, service: Unit) -> dict[str, object]:
        return {
            "command": service.command,
            "port": service.port,
            "environ": self._environ | service.environ,
            "log": str(self.log(service.name)),
        }

    def _enter(self) -> list[str]:
        venv = Path(sys.prefix)
        shell = ["unshare", "--mount", "sh", "-ec", _OWN_FOLDERS, "host"]
        return [*shell, str(self._tree), str(venv)]

    def _in_host(self, *command: str) -> None:
        """Run something where the services see its files."""
        assert self._init is not None
        subprocess.run(["nsenter", f"--target={self._init.pid}", "--mount", *command], check=True)


class Balancer:
    """haproxy in the place of the load balancer; it does not show the balancer's own timing."""

    def __init__(self, host: Host, folder: Path, applications: list[Application]) -> None:
        self.host, self._folder = host, folder
        self._applications = applications

    @property
    def url(self) -> str:
        """Where people find the site; TLS has ended before."""
        return f"http://{SITE}"

    def start(self) -> None:
        """Serve."""
        table = constants()
        text = _HAPROXY.format(
            address=self.host.address,
            idle=table["seconds"]["alb_idle"],
            ready=table["routes"]["ready"],
            http=self._servers(table["ports"]["http"]),
            websocket=self._servers(table["ports"]["websocket"]),
        )
        file = self._folder / "haproxy.cfg"
        file.write_text(text.lstrip())
        with (self._folder / "haproxy.log").open("wb") as log:
            self.host.start("haproxy", "-db", "-f", str(file), log=log)

    def numbers(self) -> dict[tuple[str, str], dict[str, str]]:
        """haproxy's own figures, by backend and host; nothing while it starts."""
        said = self.host.run(
            "curl", "--silent", f"http://{self.host.address}:8404/;csv", check=False
        )
        names, *rows = [line.split(",") for line in said.lstrip("# ").splitlines() if line] or [[]]
        return {(row[0], row[1]): dict(zip(names, row, strict=False)) for row in rows}

    def is_up(self, application: Application) -> bool:
        """Whether it sends people there."""
        numbers, name = self.numbers(), application.host.name
        states = [numbers.get((kind, name), {}).get("status") for kind in ("http", "websocket")]
        return states == ["UP", "UP"]

    def sockets_at(self, application: Application) -> int:
        """Sockets that are open there."""
        return int(self.numbers()["websocket", application.host.name]["scur"])

    def requests_at(self, application: Application) -> int:
        """Requests that were sent there."""
        return int(self.numbers()["http", application.host.name]["stot"])

    def _servers(self, port: int) -> str:
        hosts = [application.host for application in self._applications]
        return "\n".join(f"    server {host.name} {host.address}:{port} check" for host in hosts)


def settings(database: Database, cache: Cache, pictures: Path) -> dict[str, str]:
    """What /etc/jyoti/jyoti.env of such a host holds, and its secrets."""
    return {
        "SECRET_KEY": "of-the-hosts-in-network-namespaces-0123456789-abcdefghijk",
        "ALLOWED_HOSTS": SITE,
        "SITE_URL": f"https://{SITE}",
        "DATABASE_URL": database.url,
        "REDIS_URL": cache.url,
        "MEDIA_BACKEND_URL": f"file://{pictures}",
        "MAIL_URL": "smtp://127.0.0.1:2525",
        "MAIL_FROM": f"Jyoti <hello@{SITE}>",
        "TRUSTED_PROXIES": "1",
        "RATE_LIMIT_SCALE": "1000",
    }


def _pairs(environ: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in environ.items()]
