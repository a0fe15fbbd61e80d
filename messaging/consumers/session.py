"""One open socket of a signed-in person: what it may do, what waits for it, and when it ends."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.services import SocketPass
from core.errors import ApplicationError
from core.realtime.counts import COUNTS
from core.realtime.envelopes import encode, envelope, timestamp
from core.realtime.outbox import Outbox
from core.realtime.presence import State
from core.realtime.routes import topic_key
from messaging.constants import EXPIRY_WARNING_S, RESTART_SPREAD_S, SILENCE_S, CloseCode
from messaging.consumers.gateway import Gateway

CLOSE_TIMEOUT_S = 2.0
POLL_S = 0.01
MOST_TOPICS = 200


@dataclass(frozen=True, slots=True)
class Wire:
    """The server's side of a socket. `abort` ends it without a word to the peer."""

    send: Callable[[str], Coroutine[Any, Any, None]]
    close: Callable[[int], Awaitable[None]]
    abort: Callable[[], None]
    direct: Callable[[str], bool] | None = None


class Session:
    """A socket as the Hub and the commands see it. Nothing here touches a model."""

    def __init__(self, gateway: Gateway, wire: Wire, pass_: SocketPass) -> None:
        self.gateway, self._wire = gateway, wire
        self.use(pass_)
        self.user_id, self.origin = self.viewer.pk, pass_.origin
        self.outbox = Outbox(wire.send, overflow=self._on_overflow, direct=wire.direct)
        self.heard_at = gateway.loop.time()
        self.bad_frames = 0
        #: A frame is being answered that had to wait for something; those behind it queue.
        self.is_taking = False
        #: Among the sockets of this process, for presence.
        self.number = 0
        self.presence: State = "active"
        #: Frames that were taken and not answered yet.
        self.unanswered = 0
        self.typing_since: dict[int, float] = {}
        self.topics: set[str] = set()
        self._closing: asyncio.Task[None] | None = None

    def use(self, pass_: SocketPass) -> None:
        """Go on under a new pass of the same person."""
        self.viewer = pass_.viewer
        self.session_id = pass_.viewer.session_id
        self.epoch, self.expires_at = pass_.epoch, pass_.expires_at
        self._is_warned = False

    @property
    def expires(self) -> str:
        """When the access behind the socket ends, as RFC 3339."""
        return timestamp(datetime.fromtimestamp(self.expires_at, UTC))

    @property
    def is_closing(self) -> bool:
        """Whether frames of either side no longer count."""
        return self._closing is not None

    def write(self, text: str) -> None:
        """Queue one frame behind those that wait."""
        self.outbox.put(text)

    def write_ephemeral(self, text: str) -> None:
        """As `write`, unless the peer is slow."""
        self.outbox.put(text, is_ephemeral=True)

    def ack(self, command_id: str, data: dict[str, Any]) -> None:
        """Answer a command."""
        self.unanswered -= 1
        self.write(encode({"t": "ack", "re": command_id, "d": data}))

    def refuse(self, command_id: str | None, error: ApplicationError) -> None:
        """Answer a command, or something that is not even one, with an error."""
        self.unanswered -= 1
        data: dict[str, Any] = {"code": error.code, "message": error.detail}
        if error.retry_after is not None:
            data["retry_after"] = error.retry_after
        self.write(encode({"t": "error", "re": command_id, "d": data}))

    def watch(self, topic: str) -> None:
        """Receive what is pushed to a topic; beyond MOST_TOPICS nothing is added."""
        if len(self.topics) < MOST_TOPICS and not self.is_closing:
            self.topics.add(topic)
            self.gateway.hub.join(self, topic_key(topic))

    def unwatch(self, topic: str) -> None:
        """Receive it no longer."""
        self.topics.discard(topic)
        self.gateway.hub.leave(self, topic_key(topic))

    def watch_only(self, prefix: str, topics: Iterable[str]) -> None:
        """Of the topics that begin so, receive these and no others."""
        for topic in [topic for topic in self.topics if topic.startswith(prefix)]:
            self.unwatch(topic)
        for topic in topics:
            self.watch(topic)

    def check(self) -> None:
        """Look at the clock: silence and the end of the access close the socket."""
        left_s = self.expires_at - time.time()
        if self.gateway.loop.time() - self.heard_at > SILENCE_S:
            self.shut(CloseCode.SILENT_OR_SLOW)
        elif left_s <= 0:
            self.shut(CloseCode.UNAUTHENTICATED)
        elif left_s <= EXPIRY_WARNING_S and not self._is_warned:
            self._is_warned = True
            self.write(encode(envelope("auth.expiring", {"expires_at": self.expires})))

    def restart(self) -> None:
        """Because the server goes away: say when to come back, and close."""
        if not self.is_closing:
            data = {"retry_within_s": RESTART_SPREAD_S}
            self.write(encode(envelope("server.restarting", data)))
            self.shut(CloseCode.RESTARTING)

    def revoke(self, code: int) -> None:
        """The session behind the socket has ended, or its person is suspended."""
        if not self.is_closing:
            data = {"session_id": str(self.session_id) if self.session_id else None}
            self.write(encode(envelope("session.revoked", data)))
            self.shut(code)

    def shut(self, code: int) -> None:
        """Take no more frames and pushes, write every answer and what waits, and close.

        The first code counts.
        """
        if self._closing is None:
            self.gateway.hub.remove(self)
            self._closing = self.gateway.loop.create_task(self._shut(code))
            self.gateway.closing.add(self._closing)
            self._closing.add_done_callback(self.gateway.closing.discard)

    def end(self) -> None:
        """The connection is gone."""
        self.gateway.hub.remove(self)
        self.gateway.forget(self.user_id)
        self.gateway.presence.leave(self)
        self.outbox.stop()

    async def _shut(self, code: int) -> None:
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                # An event in each of many thousand sockets would cost more than this.
                while self.unanswered > 0:  # noqa: ASYNC110
                    await asyncio.sleep(POLL_S)
                await self.outbox.flushed()
                self.outbox.stop()
                await self._wire.close(code)
        # A peer that does not read, or one that is gone; each server says it in its own way.
        except Exception:  # noqa: BLE001
            self._wire.abort()

    def _on_overflow(self) -> None:
        COUNTS["slow_reader"] += 1
        self.shut(CloseCode.SILENT_OR_SLOW)
