"""Frames straight from and to the connection of the server we deploy.

Out: uvicorn's `send` makes a coroutine, a frame and a copy of the text for each socket. What it
would write is the same for everybody: server frames are not masked and nothing is compressed. Every
other server (daphne, tests), and a peer that does not read fast enough, gets its frames by `send`.

In: uvicorn queues each frame, stops reading, wakes the application's task and reads again. A frame
that can be taken at once goes past all that.
"""

from collections.abc import Callable
from typing import Any

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


def direct_writer(send: Any) -> Callable[[str], bool] | None:
    """A function that writes one text at once, or says False; None where only `send` will do."""
    protocol = getattr(send, "__self__", None)
    if not settings.WEBSOCKET_DIRECT or type(protocol) is not DirectProtocol:
        return None
    if protocol.config.ws_per_message_deflate:
        return None
    transport, writable = protocol.transport, protocol.writable

    def write(text: str) -> bool:
        is_open = protocol.conn.state is State.OPEN and not protocol.close_sent
        if not is_open or protocol.disconnected or not writable.is_set():
            return False
        transport.write(frame_of(text))
        return True

    return write


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
