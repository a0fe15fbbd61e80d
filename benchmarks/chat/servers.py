"""The servers that are compared, each started as it is deployed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from messaging.services.writing import STATEMENT

ROOT: Final = Path(__file__).resolve().parents[2]
PEER: Final = ROOT / "benchmarks" / "peers" / "socketio"
START_S: Final = 60

Kind = Literal["ours", "plain", "batched"]
#: The generator's dialect for each.
DIALECTS: Final = {"ours": "ours", "plain": "socketio", "batched": "socketio"}


@contextmanager
def servers(kind: Kind, count: int, *, limits: str = "0") -> Iterator[list["Server"]]:
    """So many processes of one kind; they end with the block."""
    made: list[Server] = []
    try:
        made += [Server(kind, limits) for _ in range(count)]
        for server in made:
            server.wait()
        yield made
    finally:
        for server in made:
            server.end()


class Server:
    """One process on a port of its own."""

    def __init__(self, kind: Kind, limits: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = (
            [sys.executable, "-m", "config.sockets", "--drain", "0"]
            if kind == "ours"
            else ["node", str(PEER / "server.js")]
        )
        environ = _ours(limits) if kind == "ours" else _theirs(kind)
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=os.environ | environ | {"PORT": str(self.port), "HOST": "127.0.0.1"},
            stdout=sys.stderr,
        )
        self.pid = self._process.pid

    def wait(self) -> None:
        """Until it answers. Raises RuntimeError."""
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError):
                url = f"http://127.0.0.1:{self.port}/healthz"
                with urlopen(url, timeout=1) as answer:
                    if answer.status == HTTPStatus.OK:
                        return
            time.sleep(0.1)
        raise RuntimeError("a server did not start")

    def rss_kib(self) -> int:
        """Resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) if found else 0

    def cpu_s(self) -> float:
        """Processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """Kill it: nothing of a measurement is kept."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=10)


def _ours(limits: str) -> dict[str, str]:
    database = connection.settings_dict
    place = urlencode({"host": database["HOST"], "port": database["PORT"]})
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "JYOTI_PROCESS": "ws",
        "DATABASE_URL": f"postgresql://{login}@/{database['NAME']}?{place}",
        "REDIS_URL": ",".join(settings.REDIS_URLS),
        "RATE_LIMIT_SCALE": limits,
        "LOG_LEVEL": "ERROR",
    }


def _theirs(kind: Kind) -> dict[str, str]:
    database = connection.settings_dict
    return {
        "PEER": kind,
        "NODE_ENV": "production",
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"] or 5432),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        "REDIS_PATH": urlsplit(settings.REDIS_URLS[0]).path,
        "STATEMENT": STATEMENT.replace("%(drafts)s", "$1"),
    }
