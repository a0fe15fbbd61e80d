"""Frames that wait for one socket: bounded, written in order, without a task while it is idle."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

MOST_FRAMES = 256
MOST_CHARS = 1 << 20


class Outbox:
    """Queue of one socket. `put` never waits; a reader who is too slow makes it overflow once.

    `send` writes one text and may wait for the peer; `overflow` is called when more than
    MOST_FRAMES frames or MOST_CHARS characters wait. Nothing is written after that or `stop`.
    """

    __slots__ = ("_chars", "_is_stopped", "_overflow", "_send", "_waiting", "_writer")

    def __init__(
        self, send: Callable[[str], Awaitable[None]], *, overflow: Callable[[], None]
    ) -> None:
        self._send = send
        self._overflow = overflow
        self._waiting: deque[str] = deque()
        self._chars = 0
        self._is_stopped = False
        self._writer: asyncio.Task[None] | None = None

    def put(self, text: str) -> None:
        """Add a frame behind those that wait."""
        if self._is_stopped:
            return
        if len(self._waiting) >= MOST_FRAMES or self._chars + len(text) > MOST_CHARS:
            self.stop()
            self._overflow()
            return
        self._waiting.append(text)
        self._chars += len(text)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._drain())

    async def flushed(self) -> None:
        """Return when all that was put so far is written or given up."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    def stop(self) -> None:
        """Give up what still waits; further frames are ignored."""
        self._is_stopped = True
        self._waiting.clear()
        self._chars = 0
        if self._writer is not None:
            self._writer.cancel()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                text = self._waiting[0]
                await self._send(text)
                if self._waiting:
                    self._waiting.popleft()
                    self._chars -= len(text)
        # Each server has its own exception for a peer that is gone, and all mean the same.
        except Exception:  # noqa: BLE001
            self._is_stopped = True
            self._waiting.clear()
        finally:
            self._writer = None
