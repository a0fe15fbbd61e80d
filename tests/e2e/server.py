"""One `manage.py run` with a database, a Redis database and a picture folder of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit, urlunsplit
from urllib.request import urlopen

import psutil
import psycopg
from django.conf import settings
from django.db import connection

REDIS_DATABASE = 15
START_S = 90


class Server:
    """Web and worker on one port, kept up by their supervisor."""

    def __init__(self, environ: dict[str, str], port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._database_url = environ["DATABASE_URL"]
        self.log = log
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--no-demo"],
                cwd=settings.BASE_DIR,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
            )

    def wait_until_ready(self) -> None:
        """Until pages are served. Raises AssertionError with the log when that fails."""
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text()[-4000:]
            assert time.monotonic() < deadline, self.log.read_text()[-4000:]
            time.sleep(0.1)

    def bring_jobs_forward(self, task: str) -> None:
        """What this handler is to do later becomes due now; the worker does it as ever."""
        with psycopg.connect(self._database_url) as database:
            database.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = now()"
                " WHERE status = 'todo' AND scheduled_at > now() AND task_name LIKE %s",
                [f"%{task}"],
            )

    def kill_web(self) -> None:
        """`kill -9` of the web server; the supervisor starts another one."""
        children = psutil.Process(self._process.pid).children()
        next(child for child in children if "config.oneport" in child.cmdline()).kill()

    def stop(self) -> None:
        """End web, worker and supervisor."""
        self._process.terminate()
        self._process.wait(30)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Server, dict[str, str]]]:
    """A running server, and the environment in which commands reach its data."""
    with new_database() as database_url:
        port = _free_port()
        environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "DATABASE_URL": database_url,
            "REDIS_URL": _other_redis_database(settings.REDIS_URLS[0]),
            "MEDIA_BACKEND_URL": f"file://{folder / 'media'}",
            # The limits are on, but all of the tests come from one address.
            "RATE_LIMIT_SCALE": "100",
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }
        environ.pop("MAKELEVEL", None)
        server = Server(environ, port, folder / "server.log")
        try:
            server.wait_until_ready()
            yield server, environ
        finally:
            server.stop()


@contextmanager
def new_database() -> Iterator[str]:
    """The address of an empty database on the test server, dropped at the end."""
    name = f"jyoti_e2e_{os.getpid()}"
    known = connection.settings_dict
    address = {
        "host": known["HOST"],
        "port": str(known["PORT"] or 5432),
        "user": known["USER"],
        "password": known["PASSWORD"],
    }
    words = {word: value for word, value in address.items() if value}
    with psycopg.connect(**words, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql:///{name}?{urlencode(words, quote_via=quote)}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _other_redis_database(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={REDIS_DATABASE}"
    return urlunsplit(parts._replace(path=f"/{REDIS_DATABASE}"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
