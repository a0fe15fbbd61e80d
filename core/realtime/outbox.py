"""Frames that wait for one socket: bounded, written in order, without a task while it is idle."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from core.realtime.counts import COUNTS
from core.realtime.eager import start_now

MOST_FRAMES = 256
MOST_CHARS = 1 << 20
#: With so many frames waiting, what is merely nice to know waits no longer.
EPHEMERAL_FRAMES = 32


class Outbox:
    """Queue of one socket. `put` never waits; a reader who is too slow makes it overflow once.

    `send` writes one text and may wait for the peer; while it does not, frames are written at once.
    `direct`, where the server has a shorter way, writes one at once or says that it cannot now.
    Ephemeral frames are dropped first. `overflow` is called when more than MOST_FRAMES frames or
    MOST_CHARS characters wait even so. Nothing is written after that or `stop`.
    """

    __slots__ = (
        "_chars",
        "_direct",
        "_is_stopped",
        "_overflow",
        "_send",
        "_waiting",
        "_writer",
    )

    def __init__(
        self,
        send: Callable[[str], Coroutine[Any, Any, None]],
        *,
        overflow: Callable[[], None],
        direct: Callable[[str], bool] | None = None,
    ) -> None:
        self._send, self._direct = send, direct
        self._overflow = overflow
        self._waiting: deque[tuple[str, bool]] | None = None
        self._chars = 0
        self._is_stopped = False
        self._writer: asyncio.Task[None] | None = None

    def put(self, text: str, *, is_ephemeral: bool = False) -> None:
        """Add a frame behind those that wait."""
        if self._is_stopped:
            return
        if self._waiting is None:
            self._write_now(text)
            return
        if is_ephemeral and len(self._waiting) >= EPHEMERAL_FRAMES:
            COUNTS["ephemeral_dropped"] += 1
            return
        if self._is_full(text):
            self._drop_ephemeral()
        if self._is_full(text):
            self.stop()
            self._overflow()
            return
        self._waiting.append((text, is_ephemeral))
        self._chars += len(text)

    async def flushed(self) -> None:
        """Return when all that was put so far is written or given up."""
        if self._writer is not None and not self._writer.done():
            await asyncio.wait([self._writer])

    def stop(self) -> None:
        """Give up what still waits; further frames are ignored."""
        self._is_stopped = True
        self._waiting = None
        self._chars = 0
        if self._writer is not None:
            self._writer.cancel()

    def _is_full(self, text: str) -> bool:
        return len(self._waiting or ()) >= MOST_FRAMES or self._chars + len(text) > MOST_CHARS

    def _drop_ephemeral(self) -> None:
        """The first frame is being written and stays."""
        waiting = self._waiting or deque()
        kept = deque(frame for place, frame in enumerate(waiting) if place == 0 or not frame[1])
        COUNTS["ephemeral_dropped"] += len(waiting) - len(kept)
        self._waiting = kept
        self._chars = sum(len(text) for text, _ in kept)

    def _write_now(self, text: str) -> None:
        """Write to a socket for which nothing waits; what has to wait is the first of the queue."""
        if self._direct is not None and self._direct(text):
            return
        self._waiting = deque(((text, False),))
        self._chars = len(text)
        try:
            rest = start_now(self._send(text))
        except Exception:  # noqa: BLE001  see _drain
            self._is_stopped, rest = True, None
        if rest is not None:
            self._writer = asyncio.get_running_loop().create_task(self._drain(rest))
        elif len(self._waiting or ()) > 1:
            # A frame was put while this one was written.
            self._written()
            self._writer = asyncio.get_running_loop().create_task(self._drain(None))
        else:
            self._waiting, self._chars = None, 0

    async def _drain(self, first: Awaitable[None] | None) -> None:
        try:
            if first is not None:
                await first
                self._written()
            while self._waiting:
                await self._send(self._waiting[0][0])
                self._written()
        # Each server has its own exception for a peer that is gone, and all mean the same.
        except Exception:  # noqa: BLE001
            self._is_stopped = True
        finally:
            # An idle socket, one of many thousand, keeps nothing.
            self._waiting = self._writer = None
            self._chars = 0

    def _written(self) -> None:
        if self._waiting:
            self._chars -= len(self._waiting.popleft()[0])
