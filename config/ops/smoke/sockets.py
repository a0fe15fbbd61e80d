"""How long a message is under way between two people who look at their screens."""

import json
import statistics
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from itertools import count
from typing import Any, Final, Self
from urllib.parse import quote

from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from config.ops.smoke.accounts import Person
from config.ops.smoke.results import Figure, NotMeasuredError, percentile
from config.ops.smoke.web import USER_AGENT

#: Few enough for the limit on commands (10 a second, 30 at once).
MESSAGES: Final = 20
PAUSE_S: Final = 0.15
TEXT: Final = "A smoke test of this site."
PATH: Final = "/ws/v1"
SUBPROTOCOL: Final = "jyoti.v1"
_MEND: Final = "Look at jyoti-ws (journalctl -u jyoti-ws) and at the rule for /ws/* in front of it."

Frame = dict[str, Any]


class Socket:
    """One open gateway socket; every wait ends after `timeout_s`."""

    def __init__(self, wire: ClientConnection, timeout_s: float) -> None:
        self._wire, self._timeout_s = wire, timeout_s
        self._numbers = count(1)

    @classmethod
    def open(cls, origin: str, person: Person, timeout_s: float) -> Self:
        """With a ticket of the person's, and registered for pushes. Raises NotMeasuredError."""
        ticket = person.call("POST", "auth/ws-ticket", {})["ticket"]
        address = origin.replace("http", "ws", 1) + PATH
        try:
            wire = connect(
                f"{address}?ticket={quote(ticket)}",
                subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
                compression=None,
                proxy=None,
                user_agent_header=USER_AGENT,
                open_timeout=timeout_s,
                close_timeout=timeout_s,
            )
        except (OSError, InvalidHandshake) as error:
            raise NotMeasuredError(f"{address}: {_refusal(error)}", _MEND) from error
        socket = cls(wire, timeout_s)
        socket.call("hello")
        return socket

    def send(self, kind: str, **data: Any) -> str:
        """Send a command; returns its id."""
        command_id = f"c{next(self._numbers)}"
        self._wire.send(json.dumps({"t": kind, "id": command_id, "d": data}))
        return command_id

    def wait(self, is_it: Callable[[Frame], bool], what: str) -> Frame:
        """The first frame that is it; others are dropped. Raises NotMeasuredError."""
        deadline = time.monotonic() + self._timeout_s
        try:
            while True:
                frame: Frame = json.loads(self._wire.recv(max(0, deadline - time.monotonic())))
                if frame["t"] == "error":
                    raise NotMeasuredError(f"The gateway refused {what}: {frame['d']}", _MEND)
                if is_it(frame):
                    return frame
        except TimeoutError as error:
            raise NotMeasuredError(
                f"{what} did not come in {self._timeout_s:g} s.", _MEND
            ) from error
        except WebSocketException as error:
            raise NotMeasuredError(f"The socket was closed: {error}", _MEND) from error

    def answer(self, command_id: str, kind: str) -> Frame:
        """Wait for the ack of a command."""
        return self.wait(lambda frame: frame.get("re") == command_id, f"the answer to {kind}")

    def call(self, kind: str, **data: Any) -> Frame:
        """Send a command and wait for its ack."""
        return self.answer(self.send(kind, **data), kind)

    def close(self) -> None:
        """Leave."""
        self._wire.close()


def message_delay(origin: str, people: tuple[Person, Person], timeout_s: float) -> Figure:
    """Milliseconds from sending at one socket to `message.created` at the other's, both ways.

    Both clocks are this machine's, so the way there and back to this machine is part of it.
    The messages stay in the conversation of the two: the API deletes none. Raises NotMeasuredError.
    """
    one, other = people
    chat = one.call("POST", "conversations", {"user_ids": [other.id]})["id"]
    with (
        closing(Socket.open(origin, one, timeout_s)) as ones,
        closing(Socket.open(origin, other, timeout_s)) as others,
    ):
        _deliver(ones, others, chat)  # Fills the caches of the gateway.
        delays = []
        for number in range(MESSAGES):
            pair = (ones, others) if number % 2 else (others, ones)
            delays.append(_deliver(*pair, chat) * 1000)
            time.sleep(PAUSE_S)
    return Figure(
        percentile(delays, 95),
        {
            "median_ms": round(statistics.median(delays), 1),
            "worst_ms": round(max(delays), 1),
            "messages": len(delays),
        },
    )


def _deliver(sender: Socket, receiver: Socket, chat: str) -> float:
    client_id = str(uuid.uuid4())
    began = time.perf_counter()
    command = sender.send("message.send", conversation_id=chat, client_id=client_id, body=TEXT)
    receiver.wait(
        lambda frame: (
            frame["t"] == "message.created" and frame["d"]["message"]["client_id"] == client_id
        ),
        "the message",
    )
    seconds = time.perf_counter() - began
    sender.answer(command, "message.send")
    return seconds


def _refusal(error: Exception) -> str:
    if isinstance(error, InvalidStatus):
        return f"refused with {error.response.status_code}"
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or repr(error)
