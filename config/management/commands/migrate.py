"""`manage.py migrate`: Django's own, one at a time, and never long in the way of those who work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import Error as DatabaseError
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import DeadlockDetected, LockNotAvailable

#: The advisory lock of whoever changes the schema of a database: "jyoti" in hexadecimal.
SCHEMA_LOCK = 0x6A796F7469
POLL_S = 0.5
#: A statement that waits so long for a table gives up: everybody else queues behind it meanwhile.
LOCK_TIMEOUT_S = 3.0
#: Then it is tried again after these pauses, for a moment when nobody holds the table.
PAUSES_S = (1, 2, 4, 8, 16)

Say = Callable[[str], None]


class Command(migrate.Command):
    """As Django's. Two at once: the second waits, and finds nothing to do."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Raises CommandError when a table stays in use."""
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection = connections[options["database"]]

        def say(line: str) -> None:
            if options["verbosity"] > 0:
                self.stderr.write(line)

        def run() -> None:
            with _patience(connection):
                super(Command, self).handle(*args, **options)

        with schema_lock(connection, say):
            _run_between_others(run, say)
        return None


@contextmanager
def schema_lock(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """Hold SCHEMA_LOCK on this connection, with which it ends in any case; wait while another does."""
    is_told = False
    while not _answer(connection, "SELECT pg_try_advisory_lock(%s)", SCHEMA_LOCK):
        if not is_told:
            say("Another migration of this database is running; waiting for its end ...")
        is_told = True
        time.sleep(POLL_S)
    try:
        yield
    finally:
        # A connection that broke has lost the lock already.
        with suppress(DatabaseError):
            _answer(connection, "SELECT pg_advisory_unlock(%s)", SCHEMA_LOCK)


def _run_between_others(run: Callable[[], None], say: Say) -> None:
    """Run it until it finds its tables free; what had been completed is not done again."""
    for pause_s in (*PAUSES_S, None):
        try:
            run()
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            if pause_s is None:
                raise CommandError(
                    f"A table stayed in use through {len(PAUSES_S) + 1} tries; the migration that "
                    "needs it changed nothing. A long transaction holds it: see manage.py db_report."
                ) from error
        else:
            return
        say(f"A table is in use; trying again in {pause_s} s ...")
        time.sleep(pause_s)


@contextmanager
def _patience(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Bounded waiting for locks, unbounded time for the work itself."""
    wanted = {"lock_timeout": f"{int(LOCK_TIMEOUT_S * 1000)}ms", "statement_timeout": "0"}
    before = {name: _answer(connection, f"SHOW {name}") for name in wanted}
    _set(connection, wanted)
    try:
        yield
    finally:
        with suppress(DatabaseError):
            _set(connection, before)


def _set(connection: BaseDatabaseWrapper, values: dict[str, Any]) -> None:
    for name, value in values.items():
        _answer(connection, "SELECT set_config(%s, %s, false)", name, value)


def _answer(connection: BaseDatabaseWrapper, statement: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]
