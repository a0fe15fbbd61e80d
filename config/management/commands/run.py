"""`manage.py run`: everything that Jyoti needs, on one port, until Ctrl-C."""

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from config.demo.content import load_demo
from config.demo.seeding import DemoState, demo_state
from config.listener import listen
from config.supervisor import ChildFailedError, Supervisor, stop_recorded
from core.embedded import release_services
from core.embedded.children import Launch

_POLL_S = 0.2
_WEB_GRACE_S = 5
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - names them, binds nothing


class Command(BaseCommand):
    """Migrates, makes the demo people at the first start, then serves."""

    help = "Serve web, live messages and background work on one port until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The one choice there is."""
        parser.add_argument("--no-demo", action="store_true", help="make no demo people")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP, or until the `make` that started us is gone."""
        if settings.KIND == "production":
            raise CommandError("This is for a laptop; production runs each process by itself.")
        make = os.getppid() if "MAKELEVEL" in os.environ else None
        for number in _STOP_SIGNALS:
            signal.signal(number, _stop_once)
        try:
            self._run(settings.ENV.host, settings.ENV.port, make, with_demo=not options["no_demo"])
        except KeyboardInterrupt:
            self._say("Stopped.")
        except ChildFailedError as error:
            raise CommandError(str(error)) from error
        finally:
            connections.close_all()
            release_services(settings.KIND)

    def _run(self, host: str, port: int, make: int | None, *, with_demo: bool) -> None:
        record = Path(settings.BASE_DIR, ".local", "run", f"{port}.json")
        stop_recorded(record)
        with _listen(host, port) as listener:
            self._prepare(with_demo=with_demo)
            with Supervisor(_launches(listener), record) as supervisor:
                self._watch(supervisor, host, port, make)

    def _prepare(self, *, with_demo: bool) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Making the tables ...")
            call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if with_demo and _wants_demo():
            self._say("Making the demo people and their pictures ...")
            call_command("seed_demo", stdout=self.stdout)

    def _watch(self, supervisor: Supervisor, host: str, port: int, make: int | None) -> None:
        url = f"http://{_ANYWHERE.get(host, host)}:{port}"
        is_announced = False
        while make in (None, os.getppid()):
            for line in supervisor.restart_ended():
                self._say(line)
            if not is_announced and _answers(f"{url}/healthz"):
                self._say(f"Jyoti runs at {url} - Ctrl-C stops everything.")
                is_announced = True
            time.sleep(_POLL_S)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _wants_demo() -> bool:
    """At the first start, or when that was cut short while it made the demo."""
    return not get_user_model().objects.exists() or demo_state(load_demo()) is DemoState.BEGUN


def _stop_once(_number: int, _frame: FrameType | None) -> None:
    """Leave what is being done; a second signal does not disturb the orderly end."""
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _listen(host: str, port: int) -> socket.socket:
    """Open the port before anything slow is done, and keep it while the web server restarts."""
    try:
        return listen(host, port)
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} on {host} is in use by another program. "
                f"End that one, or take another port: make run PORT={port + 1}"
            ) from error
        raise CommandError(f"Cannot listen on {host} port {port}: {error}") from error


def _launches(listener: socket.socket) -> list[Launch]:
    web = ["-m", "config.oneport", "--fd", str(listener.fileno()), "--grace", str(_WEB_GRACE_S)]
    web += ["--drain", "0"]  # Nobody wants to wait for his own Ctrl-C.
    return [
        _launch("web", web, process="http", pass_fds=[listener.fileno()]),
        _launch("worker", ["manage.py", "worker"], process="worker"),
    ]


def _launch(
    name: str, arguments: Sequence[str], *, process: str, pass_fds: Sequence[int] = ()
) -> Launch:
    return Launch(
        name=name,
        command=[sys.executable, *arguments],
        environ=os.environ | {"JYOTI_PROCESS": process},
        folder=settings.BASE_DIR,
        pass_fds=pass_fds,
    )


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False
