"""Runs a coroutine at once, up to where it first waits: most writes to a socket never do."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any


def start_now(coroutine: Coroutine[Any, Any, None]) -> "Rest | None":
    """Run it here and now; None when it is done, else what is left of it, to be awaited.

    What it raises before it waits is raised here. A task for each of many thousand small writes
    costs more than the writes themselves.
    """
    try:
        return Rest(coroutine, coroutine.send(None))
    except StopIteration:
        return None


class Rest:
    """The part of a coroutine that is left, for a task: it waits for the same thing first."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine, self._waits_for = coroutine, waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            step: Callable[[Any], Any]
            value: Any
            try:
                value = yield waits_for
            except BaseException as error:  # noqa: BLE001  cancellation, too, goes to the coroutine
                step, value = self._coroutine.throw, error
            else:
                step = self._coroutine.send
            try:
                waits_for = step(value)
            except StopIteration:
                return

    def __del__(self) -> None:
        # Never awaited, as when its task was cancelled before the first turn.
        self._coroutine.close()
