"""`manage.py run`: everything that Jyoti needs, on one port, until Ctrl-C."""

import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from config.supervisor import ChildFailedError, Supervisor, stop_recorded
from core.embedded import release_services
from core.embedded.children import Launch

_POLL_S = 0.2
_WEB_GRACE_S = 5
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - names them, binds nothing


class Command(BaseCommand):
    """Migrates, makes the demo people at the first start, then serves."""

    help = "Serve web, live messages and background work on one port until Ctrl-C."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP, or until the `make` that started us is gone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        self._make = os.getppid() if "MAKELEVEL" in os.environ else None
        record = Path(settings.BASE_DIR, ".local", "run", f"{settings.ENV.port}.json")
        try:
            stop_recorded(record)
            with _listen(settings.ENV.host, settings.ENV.port) as listener:
                self._prepare()
                self._serve(listener, record)
        except KeyboardInterrupt:
            self._say("Stopping ...")
        except ChildFailedError as error:
            raise CommandError(str(error)) from error
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            connections.close_all()
            release_services("local")
        self._say("Stopped.")
