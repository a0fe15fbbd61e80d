"""The parts as they are deployed, started on free ports for a measurement."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

ROOT: Final = Path(__file__).resolve().parent.parent


def ask(port: int, method: str, path: str, **request: Any) -> float:
    """Milliseconds of one request on a connection of its own, as strangers come.

    Raises RuntimeError for any answer but 200.
    """
    began = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request(method, path, **request)
        answer = client.getresponse()
        answer.read()
    finally:
        client.close()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{method} {path} was answered with {answer.status}")
    return (time.perf_counter() - began) * 1000


@contextmanager
def gunicorn(*, cores: set[int] | None = None) -> Iterator[int]:
    """The deployed configuration on a free port, on these cores or all; ends with the block."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="jyoti-bench-") as folder:
        server = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn/http.py",
             "--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", folder, "--no-control-socket",
             "--log-level", "warning", "config.wsgi"],
            cwd=ROOT,
            env=os.environ | environment(),
            stdout=sys.stderr,
        )  # fmt: skip
        if cores is not None:
            os.sched_setaffinity(server.pid, cores)
        try:
            wait_for(port, server)
            yield port
        finally:
            with suppress(ProcessLookupError):
                server.send_signal(signal.SIGTERM)
            server.wait(timeout=40)


def environment() -> dict[str, str]:
    """The same services, the database of this measurement, limits as they are for strangers."""
    database = connection.settings_dict
    place = urlencode({"host": database["HOST"], "port": database["PORT"]})
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "JYOTI_PROCESS": "http",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"postgresql://{login}@/{database['NAME']}?{place}",
        "REDIS_URL": ",".join(settings.REDIS_URLS),
        "TRUSTED_PROXIES": "1",
        "RATE_LIMIT_SCALE": "1",
    }


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when it answers. Raises RuntimeError if it does not within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError):
            ask(port, "GET", "/healthz")
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def beside(command: Sequence[str], process: str) -> Iterator[None]:
    """Another part of the house for the time of the block; `process` as in JYOTI_PROCESS."""
    part = subprocess.Popen(  # noqa: S603
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment() | {"JYOTI_PROCESS": process},
        stdout=sys.stderr,
    )
    try:
        yield
    finally:
        part.send_signal(signal.SIGTERM)
        part.wait(timeout=60)
