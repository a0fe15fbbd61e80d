"""gunicorn with its real configuration, on a socket that it inherits as from systemd."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
APPLICATION = """
import logging, os, time

loaded_in, lines, listening = os.getpid(), [], logging.Handler()
listening.emit = lines.append
logging.getLogger("gunicorn.access").addHandler(listening)
# Twisted, which daphne brings along, does the same when it is imported.
os.environ.pop("LISTEN_PID", None), os.environ.pop("LISTEN_FDS", None)

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    scheme, peer = environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1)
    if environ["PATH_INFO"] == "/lines":
        return [str(len(lines)).encode()]
    return [f"{os.getpid()} {loaded_in} {scheme} {peer}".encode()]
"""
# What lies on the box's tmpfs, and is no matter here.
ELSEWHERE = ["--no-control-socket", "--worker-tmp-dir", "/tmp"]
START = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *sys.argv[2:]])
"""


class Server:
    """One gunicorn and the listening socket that outlives it."""

    def __init__(self, folder: Path) -> None:
        (folder / "small.py").write_text(APPLICATION)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._folder = folder
        self.start()

    def start(self) -> None:
        number = self.listener.fileno()
        configuration = ["--config", str(ROOT / "deploy/gunicorn/http.py"), *ELSEWHERE]
        self.process = psutil.Popen(
            [sys.executable, "-c", START, str(number), *configuration, "small"],
            pass_fds=[number],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{self._folder}:{ROOT}"},
            stderr=subprocess.DEVNULL,
        )

    def ask(self, headers: dict[str, str] | None = None) -> list[str]:
        link = http.client.HTTPConnection(*self.listener.getsockname(), timeout=20)
        link.request("GET", "/", headers=headers or {})
        answer = link.getresponse().read().decode().split()
        link.close()
        return answer

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    try:
        yield made
    finally:
        if made.process.is_running():
            made.stop()
        made.listener.close()


def test_it_serves_the_socket_that_it_inherits(server: Server) -> None:
    """Also when something that the application imports has removed systemd's variables."""
    assert server.ask()[2:] == ["http", "127.0.0.1"]


def test_code_is_loaded_once_and_shared(server: Server) -> None:
    worker, loaded_in, *_ = server.ask()
    assert int(loaded_in) == server.process.pid
    assert int(worker) in [child.pid for child in server.process.children()]


def test_a_worker_for_each_processor_two_at_most(server: Server) -> None:
    wanted = min(2, len(psutil.Process().cpu_affinity()))
    server.ask()
    end = time.monotonic() + 10
    while len(server.process.children()) < wanted and time.monotonic() < end:
        time.sleep(0.1)
    assert len(server.process.children()) == wanted


def test_a_connection_stays_for_the_next_request(server: Server) -> None:
    link = http.client.HTTPConnection(*server.listener.getsockname(), timeout=20)
    workers = set()
    for _ in range(20):
        link.request("GET", "/")
        workers.add(link.getresponse().read().split()[0])
    link.close()
    assert len(workers) == 1


def test_no_line_of_an_access_log_is_made(server: Server) -> None:
    link = http.client.HTTPConnection(*server.listener.getsockname(), timeout=20)
    told = []
    for _ in range(3):
        link.request("GET", "/lines")
        told.append(link.getresponse().read())
    link.close()
    assert told == [b"0"] * 3


def test_what_runs_at_the_end_is_answered_first(server: Server) -> None:
    server.ask()
    link = http.client.HTTPConnection(*server.listener.getsockname(), timeout=20)
    link.request("GET", "/slow")
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    assert link.getresponse().status == 200
    link.close()
    assert server.process.wait(20) == 0


def test_nobody_is_believed_about_the_scheme_or_the_address(server: Server) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert server.ask(said)[2:] == ["http", "127.0.0.1"]


def test_who_comes_during_a_restart_waits_and_is_served(server: Server) -> None:
    before = server.ask()[1]
    server.stop()
    link = http.client.HTTPConnection(*server.listener.getsockname(), timeout=20)
    link.request("GET", "/")
    server.start()
    after = link.getresponse().read().decode().split()[1]
    link.close()
    assert before != after == str(server.process.pid)


def test_reload_replaces_the_workers_on_the_same_socket(server: Server) -> None:
    before = server.ask()[0]
    old = server.process.children()
    server.process.send_signal(signal.SIGHUP)
    psutil.wait_procs(old, timeout=30)
    assert server.ask()[0] != before
    assert server.process.is_running()
