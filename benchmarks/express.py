"""The peer in benchmarks/peers, and which cores of the machine a measurement gives to whom."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from benchmarks.servers import ROOT, free_port, wait_for

PEERS: Final = ROOT / "benchmarks" / "peers"


@contextmanager
def express(
    sql: dict[str, Any], *, is_prepared: bool, cores: set[int] | None = None
) -> Iterator[int]:
    """An Express server on the same database and the same Redis; the port."""
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],  # noqa: S607
        cwd=PEERS,
        check=True,
        stdout=sys.stderr,
    )
    config = _config(sql, is_prepared=is_prepared)
    server = subprocess.Popen(  # noqa: S603
        ["node", "server.mjs", json.dumps(config)],  # noqa: S607
        cwd=PEERS,
        env=os.environ | {"NODE_ENV": "production"},
        stdout=sys.stderr,
    )
    if cores is not None:
        os.sched_setaffinity(server.pid, cores)
    try:
        wait_for(config["port"], server)
        yield config["port"]
    finally:
        with suppress(ProcessLookupError):
            server.send_signal(signal.SIGTERM)
        server.wait(timeout=40)


def two_cores() -> tuple[set[int] | None, set[int] | None]:
    """One core for the server that is measured, one for all else; None where that is not possible."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    here = sorted(os.sched_getaffinity(0))
    return ({here[0]}, {here[1]}) if len(here) > 1 else (None, None)


@contextmanager
def all_else_on(cores: set[int] | None) -> Iterator[None]:
    """The share of the database, of Redis and of this process."""
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


def _config(sql: dict[str, Any], *, is_prepared: bool) -> dict[str, Any]:
    database = connection.settings_dict
    place = {"host": database["HOST"], "port": int(database["PORT"]), "database": database["NAME"]}
    login = {"user": database["USER"], "password": database["PASSWORD"] or None}
    # The peer that prepares keeps its plans, as ours does.
    kept = {"options": "-c plan_cache_mode=force_generic_plan"} if is_prepared else {}
    return {
        "port": free_port(),
        "prepared": is_prepared,
        "redis": settings.REDIS_URLS[0],
        "prefix": settings.REDIS_PREFIX,
        "secret": settings.SECRET_KEY,
        "database": place | login | kept,
        "sql": sql,
    }


def _services() -> list[int]:
    """PostgreSQL, whose new backends inherit its place, and Valkey, both of this checkout."""
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
