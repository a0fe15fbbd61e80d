"""Keeps the processes of `manage.py run`: started together, started again, ended together."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from signal import SIGTERM
from types import TracebackType

from core.embedded.children import Child, Launch, StartBudget
from core.embedded.processes import ProcessIdentity, identity_of, is_running, stop_process

_GRACE_S = 8


class ChildFailedError(Exception):
    """A process ends as often as it is started."""


class Supervisor:
    """A context in which the processes run. `record` remembers them for the start after a crash."""

    def __init__(self, launches: Sequence[Launch], record: Path) -> None:
        self._launches = launches
        self._record = record
        self._children: list[Child] = []
        self._budgets = [StartBudget() for _ in launches]

    def __enter__(self) -> "Supervisor":
        for launch, budget in zip(self._launches, self._budgets, strict=True):
            budget.spend()
            self._children.append(Child(launch))
        self._remember()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop(grace_s=_GRACE_S)
        self._record.unlink(missing_ok=True)

    def restart_ended(self) -> list[str]:
        """Start again what has ended; one line for each.

        Raises ChildFailedError when one of them ended for the third time in a minute.
        """
        lines = []
        for index, child in enumerate(self._children):
            if child.exit_code is None:
                continue
            said = f"{child.launch.name} ended ({child.exit_code})"
            if not self._budgets[index].spend():
                raise ChildFailedError(f"{said} again and again.")
            self._children[index] = Child(child.launch)
            lines.append(f"{said}, starting it again.")
        if lines:
            self._remember()
        return lines

    def _remember(self) -> None:
        known = [identity_of(os.getpid()), *(child.identity for child in self._children)]
        self._record.parent.mkdir(parents=True, exist_ok=True)
        self._record.write_text(json.dumps([asdict(identity) for identity in known if identity]))


def stop_recorded(record: Path) -> None:
    """End what a killed run left behind; a run that still lives and recycled pids are left alone."""
    with suppress(OSError, ValueError, TypeError):
        supervisor, *children = [ProcessIdentity(**each) for each in json.loads(record.read_text())]
        if is_running(supervisor):
            return
        for child in children:
            stop_process(child, (SIGTERM,), _GRACE_S)
        record.unlink()
