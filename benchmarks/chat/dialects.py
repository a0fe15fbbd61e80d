"""How each server is spoken to: the same acts in the protocol of ours and in that of Socket.IO."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from messaging.constants import SUBPROTOCOL


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the measurement, and the one conversation they write to."""

    user_id: int
    conversation_id: int


class Dialect(Protocol):
    """What the generator needs. `read` gives ("ack", id), ("message", body) or None."""

    subprotocol: str

    def path(self, member: Member) -> str: ...

    def greet(self, text: bytes, member: Member) -> tuple[bytes | None, bool]: ...

    def first(self, member: Member) -> bytes | None: ...

    def send(self, member: Member, number: int, body: str) -> bytes: ...

    def read(self, text: bytes) -> tuple[str, Any] | None: ...

    def beat(self) -> bytes | None: ...


class Ours:
    """jyoti.v1. `ticket` gives a ticket for somebody."""

    subprotocol = SUBPROTOCOL

    def __init__(self, ticket: Callable[[int], str]) -> None:
        self._ticket = ticket

    def path(self, member: Member) -> str:
        """Where the socket is."""
        return f"/ws/v1?ticket={self._ticket(member.user_id)}"

    def first(self, member: Member) -> bytes | None:
        """What is said first."""
        return b'{"t":"hello","id":"h","d":{}}'

    def greet(self, text: bytes, member: Member) -> tuple[bytes | None, bool]:
        """What to answer while greeting, and whether that is done."""
        frame = orjson.loads(text)
        if frame["t"] == "error":
            raise ConnectionError(text.decode())
        return None, frame["t"] == "ack"

    def send(self, member: Member, number: int, body: str) -> bytes:
        """A message of the member."""
        data = {
            "conversation_id": str(member.conversation_id),
            "client_id": str(uuid.uuid4()),
            "body": body,
        }
        return orjson.dumps({"t": "message.send", "id": str(number), "d": data})

    def read(self, text: bytes) -> tuple[str, Any] | None:
        """What a frame says."""
        frame = orjson.loads(text)
        if frame["t"] == "message.created":
            return "message", frame["d"]["message"]["body"]
        if frame["t"] == "ack":
            return "ack", frame["re"]
        if frame["t"] == "error":
            raise ConnectionError(text.decode())
        return None

    def beat(self) -> bytes | None:
        """A heartbeat of the client."""
        return b'{"t":"ping","id":"p","d":{}}'


class SocketIO:
    """Engine.IO 4 and Socket.IO 5 on a WebSocket."""

    subprotocol = ""

    def path(self, member: Member) -> str:
        """Where the socket is."""
        return "/socket.io/?EIO=4&transport=websocket"

    def first(self, member: Member) -> bytes | None:
        """Nothing: the server begins."""
        return None

    def greet(self, text: bytes, member: Member) -> tuple[bytes | None, bool]:
        """What to answer while greeting, and whether that is done."""
        if text.startswith(b"0"):
            auth = {"user": member.user_id, "conversations": [str(member.conversation_id)]}
            return b"40" + orjson.dumps(auth), False
        if text.startswith(b"40"):
            return None, True
        if text.startswith(b"44"):
            raise ConnectionError(text.decode())
        return (b"3" if text == b"2" else None), False

    def send(self, member: Member, number: int, body: str) -> bytes:
        """A message of the member."""
        data = {
            "conversation_id": str(member.conversation_id),
            "client_id": str(uuid.uuid4()),
            "body": body,
        }
        return b"42%d" % number + orjson.dumps(["send", data])

    def read(self, text: bytes) -> tuple[str, Any] | None:
        """What a frame says; a ping of the server is `("ping", None)`."""
        if text.startswith(b"42"):
            return "message", orjson.loads(text[2:])[1]["body"]
        if text.startswith(b"43"):
            return "ack", text[2 : text.index(b"[")].decode()
        return ("ping", None) if text == b"2" else None

    def beat(self) -> bytes | None:
        """The server asks, the client answers."""
        return None
