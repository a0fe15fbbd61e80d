"""gunicorn's gthread with less between a request and its thread."""

import threading
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

#: gunicorn takes a process for dead after `timeout`, 30 seconds.
SIGN_OF_LIFE_S = 1.0


class QuickThreadWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """As inherited, but connections go to the threads through a queue in C.

    A Future for each request, with its locks, and a sign of life at every turn of the loop were a
    tenth of what a hot read costs.
    """

    _signed_at = 0.0

    def get_thread_pool(self) -> "Threads":
        """The threads that requests run on."""
        return Threads(self.cfg.threads)

    def enqueue_req(self, conn: TConn) -> None:
        """Let a thread take what came on a connection."""
        self.tpool.submit(partial(self._serve, conn))

    def notify(self) -> None:
        """Say to the parent that this process lives, once in a while."""
        now = time.monotonic()
        if now - self._signed_at >= SIGN_OF_LIFE_S:
            self._signed_at = now
            super().notify()

    def _serve(self, conn: TConn) -> None:
        outcome = Outcome()
        try:
            outcome.value = self.handle(conn)
        except BaseException as error:  # noqa: BLE001  the loop shall have it, as from a Future
            outcome.error = error
        self.method_queue.defer(self.finish_request, conn, outcome)


class Outcome:
    """What gunicorn asks of a Future that is done."""

    value: Any = False
    error: BaseException | None = None

    def cancelled(self) -> bool:
        """Nothing is taken back."""
        return False

    def result(self) -> Any:
        """What came of it. Raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.value


class Threads:
    """So many threads that do one thing after the other, and end with the process."""

    def __init__(self, count: int) -> None:
        self._todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"requests-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, act: Callable[[], None]) -> None:
        """Have a thread call `act`, which raises nothing."""
        self._todo.put(act)

    def shutdown(self, *, wait: bool) -> None:
        """Let threads end when what is in hand is done; `wait` for that."""
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _work(self) -> None:
        while (act := self._todo.get()) is not None:
            act()
