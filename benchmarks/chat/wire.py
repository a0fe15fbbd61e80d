"""The least of a WebSocket client: the generator must never be what is measured."""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Final, cast

from websockets.speedups import apply_mask

SWITCHING: Final = b"101"
TEXT, PING, PONG = 0x81, 0x89, 0x8A
CLOSE: Final = 0x88


class Wire(asyncio.Protocol):
    """One socket. `heard` gets each text; frames of servers are whole and unmasked."""

    def __init__(self, path: str, subprotocol: str, heard: Callable[["Wire", bytes], None]) -> None:
        self._path, self._subprotocol, self._heard = path, subprotocol, heard
        self._rest = b""
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's is one by what it can, not by its class.
        self._transport = cast("asyncio.Transport", transport)
        offer = f"Sec-WebSocket-Protocol: {self._subprotocol}\r\n" if self._subprotocol else ""
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n{offer}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """The answer to the handshake, then frames."""
        data = self._rest + data
        if not self._is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._shake(head)
        self._rest = self._frames(data)

    def connection_lost(self, _error: Exception | None) -> None:
        """The server hung up, or we did."""
        self.is_lost = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed in the handshake"))

    def send(self, text: bytes) -> None:
        """One text frame."""
        self._send(TEXT, text)

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()

    def _shake(self, head: bytes) -> None:
        self._is_open = True
        if self.opened.done():
            return
        if head.split(b" ", 2)[1] == SWITCHING:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionError(head[:80].decode(errors="replace")))

    def _frames(self, data: bytes) -> bytes:
        place, size = 0, len(data)
        while place + 2 <= size:
            start, length = place + 2, data[place + 1]
            if length > 125:  # noqa: PLR2004
                wide = 2 if length == 126 else 8  # noqa: PLR2004
                length = int.from_bytes(data[start : start + wide], "big")
                start += wide
            if start + length > size:
                break
            if data[place] == TEXT:
                self._heard(self, data[start : start + length])
            elif data[place] == PING:
                self._send(PONG, data[start : start + length])
            elif data[place] == CLOSE:
                self._transport.close()
            place = start + length
        return data[place:]

    def _send(self, kind: int, payload: bytes) -> None:
        size, mask = len(payload), os.urandom(4)
        if size < 126:  # noqa: PLR2004
            head = bytes((kind, 0x80 | size))
        else:
            head = bytes((kind, 0xFE)) + size.to_bytes(2, "big")
        self._transport.write(head + mask + apply_mask(payload, mask))
