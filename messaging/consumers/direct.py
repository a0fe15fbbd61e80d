"""Frames straight from and to the connection of the server we deploy.

Out: uvicorn's `send` makes a coroutine, a frame and a copy of the text for each socket. What it
would write is the same for everybody: server frames are not masked and nothing is compressed. Every
other server (daphne, tests), and a peer that does not read fast enough, gets its frames by `send`.

In: uvicorn queues each frame, stops reading, wakes the application's task and reads again. A frame
that can be taken at once goes past all that.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

SHORT, MEDIUM = 126, 1 << 16


class DirectProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own, for `uvicorn --ws`; the handshake, framing, heartbeats and the end stay its.

    `take`, where the application set it, gets each whole text frame while none before it waits,
    and says whether it took it; if not, the frame goes the usual way.
    """

    take: Callable[[bytes], bool] | None = None

    def send_receive_event_to_app(self) -> None:
        """Offer the frame, unless something speaks for the usual way."""
        is_usual = self.take is None or self.curr_msg_data_type != "text" or self.close_sent
        if is_usual or len(self.frames) > 1 or not self.queue.empty() or not self._is_taken():
            super().send_receive_event_to_app()

    def _is_taken(self) -> bool:
        frame = bytes(self.frames[0])
        try:
            frame.decode()
        except UnicodeDecodeError:
            return False
        if self.take is None or not self.take(frame):
            return False
        self.frames = []
        return True


def take_directly(send: Any, take: Callable[[bytes], bool]) -> None:
    """Let frames be offered to `take`, where the server can do so."""
    protocol = getattr(send, "__self__", None)
    if settings.WEBSOCKET_DIRECT and type(protocol) is DirectProtocol:
        protocol.take = take


def direct_writer(send: Any) -> "DirectWriter | None":
    """What writes one text at once, or says False; None where only `send` will do."""
    protocol = getattr(send, "__self__", None)
    if not settings.WEBSOCKET_DIRECT or type(protocol) is not DirectProtocol:
        return None
    return None if protocol.config.ws_per_message_deflate else DirectWriter(protocol)


class DirectWriter:
    """Writes what one turn of the loop has for a socket by one call to the system.

    An answer and the push of the same message, or all that a batch brought: each write of its own
    would cost more than making the frame.
    """

    __slots__ = ("_frames", "_protocol")

    #: Those with frames of this turn.
    _waiting: ClassVar["list[DirectWriter]"] = []

    def __init__(self, protocol: DirectProtocol) -> None:
        self._protocol = protocol
        self._frames: list[bytes] | None = None

    def __call__(self, text: str) -> bool:
        """Write one text, in order with what `send` writes; False when that has to do it."""
        protocol = self._protocol
        is_open = protocol.conn.state is State.OPEN and not protocol.close_sent
        if not is_open or protocol.disconnected or not protocol.writable.is_set():
            self.flush()
            return False
        if self._frames is not None:
            self._frames.append(frame_of(text))
            return True
        self._frames = [frame_of(text)]
        if not self._waiting:
            protocol.loop.call_soon(_flush_all)
        self._waiting.append(self)
        return True

    def flush(self) -> None:
        """Write now what waits for the end of the turn; before anything is sent another way."""
        frames, self._frames = self._frames, None
        transport = self._protocol.transport
        if frames and not transport.is_closing():
            transport.write(b"".join(frames))


def _flush_all() -> None:
    waiting = DirectWriter._waiting[:]  # noqa: SLF001
    DirectWriter._waiting.clear()  # noqa: SLF001
    for writer in waiting:
        writer.flush()


class _Last:
    """The frame made last: a push is written to all its receivers before the next is made."""

    text = ""
    frame = b"\x81\x00"


def frame_of(text: str) -> bytes:
    """One unmasked, unfragmented text frame (RFC 6455, section 5.2)."""
    if text is not _Last.text:
        payload = text.encode()
        _Last.text, _Last.frame = text, _head(len(payload)) + payload
    return _Last.frame


def _head(size: int) -> bytes:
    if size < SHORT:
        return bytes((0x81, size))
    if size < MEDIUM:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")
