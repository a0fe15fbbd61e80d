"""Servers to measure, each on a free port, and where on the machine they run."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

ROOT: Final = Path(__file__).resolve().parent.parent
PEERS: Final = ROOT / "benchmarks" / "peers"


@contextmanager
def gunicorn(*, cores: set[int] | None = None) -> Iterator[int]:
    """The deployed configuration; the port, and it ends with the block."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="jyoti-bench-") as folder:
        words = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn/http.py",
                 "--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", folder, "--no-control-socket",
                 "--log-level", "warning", "config.wsgi"]  # fmt: skip
        with _running(words, port, cores, cwd=ROOT, env=os.environ | _environment()):
            yield port


@contextmanager
def express(
    sql: dict[str, Any], *, is_prepared: bool, cores: set[int] | None = None
) -> Iterator[int]:
    """The peer in benchmarks/peers on the same database and the same Redis."""
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],  # noqa: S607
        cwd=PEERS,
        check=True,
        stdout=sys.stderr,
    )
    port, database = _free_port(), connection.settings_dict
    place = {"host": database["HOST"], "port": int(database["PORT"]), "database": database["NAME"]}
    login = {"user": database["USER"], "password": database["PASSWORD"] or None}
    # The peer that prepares keeps its plans, as ours does.
    kept = {"options": "-c plan_cache_mode=force_generic_plan"} if is_prepared else {}
    config = {
        "port": port,
        "prepared": is_prepared,
        "redis": settings.REDIS_URLS[0],
        "prefix": settings.REDIS_PREFIX,
        "secret": settings.SECRET_KEY,
        "database": place | login | kept,
        "sql": sql,
    }
    words = ["node", "server.mjs", json.dumps(config)]
    with _running(words, port, cores, cwd=PEERS, env=os.environ | {"NODE_ENV": "production"}):
        yield port


@contextmanager
def beside(cores: set[int] | None) -> Iterator[None]:
    """The database's, Redis' and this process' share of the machine, where one can be given."""
    if cores is None:
        yield
        return
    pids = [os.getpid(), *_services()]
    before = {pid: os.sched_getaffinity(pid) for pid in pids}
    for pid in pids:
        os.sched_setaffinity(pid, cores)
    try:
        yield
    finally:
        for pid, old in before.items():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(pid, old)


def two_cores() -> tuple[set[int] | None, set[int] | None]:
    """One core for the server that is measured, one for all else; None where that is not possible."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    here = sorted(os.sched_getaffinity(0))
    return ({here[0]}, {here[1]}) if len(here) > 1 else (None, None)


def _services() -> list[int]:
    """The processes of this checkout's PostgreSQL and Valkey: new backends inherit their place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory')")
        (folder,) = cursor.fetchone()
    postmaster = Path(folder, "postmaster.pid")
    pids = [int(postmaster.read_text().split()[0])] if postmaster.exists() else []
    own = str(Path(folder).parent)
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes().decode(errors="replace")
            if "valkey" in words and own in str((entry / "cwd").readlink()) + words:
                pids.append(int(entry.name))
    return pids


@contextmanager
def _running(words: list[str], port: int, cores: set[int] | None, **options: Any) -> Iterator[None]:
    server = subprocess.Popen(words, stdout=sys.stderr, **options)  # noqa: S603
    if cores is not None:
        os.sched_setaffinity(server.pid, cores)
    try:
        _wait_for(port, server)
        yield
    finally:
        with suppress(ProcessLookupError):
            server.send_signal(signal.SIGTERM)
        server.wait(timeout=40)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
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


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
