"""How long the two commands of the README take, in a fresh clone with an empty home folder."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from benchmarks.harness import Result, machine, progress, today

ROOT: Final = Path(__file__).resolve().parent.parent
LIMIT_S: Final = 900
# What this process was started with and a person in a new terminal has not.
OURS: Final = (
    "DATABASE_",
    "REDIS_",
    "DJANGO_",
    "JYOTI_",
    "MAKE",
    "MFLAGS",
    "VIRTUAL_ENV",
    "PORT",
    "ARGS",
)
REQUIRED_S: Final = {"run.first": 240.0, "run.second": 10.0, "test": 300.0}


def run() -> Iterator[Result]:
    """Seconds from `make run` to the first page, twice, and for the whole of `make test`."""
    with tempfile.TemporaryDirectory(prefix="jyoti-bench-") as folder:
        clone, home = Path(folder, "jyoti"), Path(folder, "home")
        home.mkdir()
        git = ["git", "clone", "--quiet", str(ROOT), str(clone)]
        subprocess.run(git, check=True)  # noqa: S603
        for name in ("run.first", "run.second"):
            progress(f"make {name}")
            yield _result(name, _seconds_to_first_page(clone, home))
        progress("make test")
        yield _result("test", _seconds_of_suite(clone, home))


def _seconds_to_first_page(clone: Path, home: Path) -> float:
    port = _free_port()
    began = time.monotonic()
    server = _make(clone, home, "run", PORT=str(port))
    try:
        while not _answers(f"http://127.0.0.1:{port}/"):
            if server.poll() is not None or time.monotonic() - began > LIMIT_S:
                raise RuntimeError("make run served no page")
            time.sleep(0.1)
        return time.monotonic() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)


def _seconds_of_suite(clone: Path, home: Path) -> float:
    began = time.monotonic()
    if _make(clone, home, "test").wait(timeout=LIMIT_S):
        raise RuntimeError("make test failed")
    return time.monotonic() - began


def _make(clone: Path, home: Path, target: str, **variables: str) -> subprocess.Popen[bytes]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.Popen(  # noqa: S603
        ["make", target],  # noqa: S607
        cwd=clone,
        env=environ | {"HOME": str(home), **variables},
        stdout=sys.stderr,
        start_new_session=True,
    )


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:  # noqa: S310
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _result(name: str, seconds: float) -> Result:
    return Result(
        name=f"commands.{name}",
        value=round(seconds, 1),
        unit="s",
        samples=1,
        rows="a fresh clone, an empty home folder, packages from their registries",
        required=REQUIRED_S[name],
        load=machine(),
        date=today(),
    )
