"""`manage.py run`: one port for all, kept up, ended as a whole; and what it says when it cannot."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.supervisor import ChildFailedError, Supervisor, stop_recorded
from core.embedded.children import Launch

pytestmark = pytest.mark.xdist_group("run")  # The tests share a run, so they share a worker.

DATABASE = f"jyoti_run_{os.getpid()}"
SLEEP = ["/bin/sleep", "60"]


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 45
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def get(port: int, path: str, headers: dict[str, str] | None = None) -> int:
    """The status of a GET, 0 when nobody answers."""
    client = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        client.request("GET", path, headers=headers or {})
        return client.getresponse().status
    except OSError:
        return 0
    finally:
        client.close()


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A database of its own: a worker runs on it, whose jobs no other test shall meet."""
    server = connection.settings_dict
    address = {
        "host": server["HOST"], "port": server["PORT"] or 5432,
        "user": server["USER"], "password": server["PASSWORD"],
    }  # fmt: skip
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE}")
        yield (
            f"postgresql://{server['USER']}:{server['PASSWORD']}@/{DATABASE}"
            f"?host={server['HOST']}&port={server['PORT'] or 5432}"
        )
        admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


class Run:
    """One `manage.py run` on a port of its own."""

    def __init__(self, database_url: str, port: int, log: Path) -> None:
        self.port, self._log = port, log
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--no-demo"],
                cwd=settings.BASE_DIR,
                env=environment(database_url, port),
                stdout=stream,
                stderr=stream,
            )

    def wait_until_ready(self) -> None:
        wait_until(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None, "it runs")
        assert self.process.poll() is None, self.said()

    def children(self) -> list[psutil.Process]:
        """The web server and the worker."""
        return psutil.Process(self.process.pid).children()

    def said(self) -> str:
        return self._log.read_text()


def environment(database_url: str, port: int) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url,
        "REDIS_URL": settings.REDIS_URLS[0],
        "PORT": str(port),
    }


@pytest.fixture(scope="module")
def start(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable]:
    """`start(port)`: one more run, ended with the module if it still lives."""
    runs: list[Run] = []

    def one_more(port: int) -> Run:
        runs.append(Run(database_url, port, tmp_path_factory.mktemp("run") / "log"))
        return runs[-1]

    yield one_more
    for run in runs:
        run.process.terminate()
        run.process.wait(30)


@pytest.fixture(scope="module")
def run(start: Callable) -> Run:
    """One run for several tests: to start costs seconds."""
    run = start(free_port())
    run.wait_until_ready()
    return run


def test_one_port_serves_http_and_sockets(run):
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }

    assert get(run.port, "/readyz") == 200
    assert get(run.port, "/api/v1/instance") == 200
    assert get(run.port, "/api/v1/nothing") == 404
    assert get(run.port, "/ws/v1?ticket=x", upgrade | {"Origin": "http://evil.example"}) == 403
    assert len(run.children()) == 2


def test_killed_web_server_comes_back_and_the_open_port_loses_nobody(run):
    web, worker = run.children()
    assert "config.oneport" in web.cmdline()

    web.kill()
    assert get(run.port, "/healthz") == 200  # Waited in the port for the new one.

    assert "web ended (-9), starting it again." in run.said()
    assert worker in run.children()
    assert web not in run.children()


def test_second_run_on_the_same_port_says_so_and_leaves_the_first_alone(run, start):
    second = start(run.port)

    assert second.process.wait(30) == 1
    assert f"Port {run.port} on 127.0.0.1 is in use" in second.said()
    assert f"make run PORT={run.port + 1}" in second.said()
    assert "Traceback" not in second.said()
    assert get(run.port, "/healthz") == 200


def test_killed_run_takes_all_along_can_start_again_and_ends_as_a_whole(run, start):
    children = run.children()
    run.process.kill()
    run.process.wait()

    again = start(run.port)
    again.wait_until_ready()
    assert all(has_ended(child) for child in children)

    children = again.children()
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(30) == 0
    assert all(has_ended(child) for child in children)
    assert get(run.port, "/healthz") == 0


def test_run_ends_with_the_make_that_started_it(database_url):
    make = (
        "import subprocess, sys, time;"
        "subprocess.Popen([sys.executable, 'manage.py', 'run', '--no-demo']); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", make],
        cwd=settings.BASE_DIR,
        env=environment(database_url, free_port()) | {"MAKELEVEL": "1"},
    ) as process:
        parent = psutil.Process(process.pid)
        wait_until(lambda: len(parent.children(recursive=True)) == 3, "it runs")
        all_of_it = parent.children(recursive=True)
        process.kill()
    wait_until(lambda: all(has_ended(each) for each in all_of_it), "all have ended")


def test_unusable_environment_is_told_without_a_traceback(database_url):
    refused = subprocess.run(
        [sys.executable, "manage.py", "run"],
        cwd=settings.BASE_DIR,
        env=environment(database_url, 0) | {"PORT": "http", "RATE_LIMIT_SCALE": "many"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("The environment is not usable:\n  - PORT")
    assert "RATE_LIMIT_SCALE" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_child_that_ends_again_and_again_ends_the_run(tmp_path):
    record = tmp_path / "run" / "8081.json"
    launches = [Launch(name="broken", command=["/bin/false"]), Launch(name="good", command=SLEEP)]

    def watch(supervisor: Supervisor) -> None:
        while True:
            supervisor.restart_ended()
            time.sleep(0.02)

    with Supervisor(launches, record) as supervisor:
        good = [child for child in psutil.Process().children() if child.name() == "sleep"]
        with pytest.raises(ChildFailedError, match=r"broken ended \(1\) again and again"):
            watch(supervisor)
    assert len(good) == 1
    assert has_ended(good[0])
    assert not record.exists()


def test_what_a_killed_run_left_is_ended_and_a_living_run_is_not(tmp_path):
    record = tmp_path / "run.json"
    with Supervisor([Launch(name="good", command=SLEEP)], record):
        (child,) = (each for each in psutil.Process().children() if each.name() == "sleep")
        stop_recorded(record)
        assert not has_ended(child)

        record.write_text(record.read_text().replace(f'"pid": {os.getpid()}', '"pid": 1'))
        stop_recorded(record)
        assert has_ended(child)
        assert not record.exists()
