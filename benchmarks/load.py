"""A client that costs little: raw connections that stay open, one thread, no parsing but the length."""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
CHUNK: Final = 65_536


@dataclass(slots=True)
class Seen:
    """What came back: milliseconds of each answer, how many were not 200, seconds it took."""

    times: list[float] = field(default_factory=list)
    wrong: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Right answers in a second."""
        return len(self.times) / self.seconds


@dataclass(slots=True)
class _Person:
    connection: socket.socket | None = None
    asked_at: float = 0.0
    got: bytes = b""
    wanted: int = -1


def drive(
    port: int,
    ask: Callable[[], bytes],
    *,
    people: int,
    seconds: float,
    think: Callable[[], float] | None = None,
) -> Seen:
    """Let so many people ask one thing after the other; `think` gives the pause between, in seconds.

    `ask` gives the next request. Raises RuntimeError for a connection that ends.
    """
    seen, waiting = Seen(), list[tuple[float, int]]()
    everybody = [_Person() for _ in range(people)]
    with selectors.DefaultSelector() as selector:
        for number in range(people):
            heappush(waiting, (time.perf_counter() + (think() if think else 0), number))
        began = time.perf_counter()
        until = began + seconds
        while (now := time.perf_counter()) < until:
            while waiting and waiting[0][0] <= now:
                number = heappop(waiting)[1]
                person = everybody[number]
                if person.connection is None:
                    # Not before there is something to ask: gunicorn keeps a thread for a new
                    # connection until it speaks, which a proxy in front never lets it wait for.
                    person.connection = _connected(port)
                    selector.register(person.connection, selectors.EVENT_READ, number)
                _send(person, person.connection, ask())
            pause = min(waiting[0][0] if waiting else until, until) - now
            for key, _ in selector.select(max(0.0, pause)):
                person = everybody[key.data]
                if person.connection and _receive(person, person.connection, seen):
                    later = think() if think else 0.0
                    heappush(waiting, (time.perf_counter() + later, key.data))
        seen.seconds = time.perf_counter() - began
    for person in everybody:
        if person.connection is not None:
            person.connection.close()
    return seen


def request(path: str, token: str) -> bytes:
    """A GET with a token, as bytes on the wire."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        "Accept: application/json\r\n\r\n"
    ).encode()


def percentile(times: Sequence[float], share: float) -> float:
    """The value below which this share of the times is."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _send(person: _Person, connection: socket.socket, message: bytes) -> None:
    person.got, person.wanted = b"", -1
    person.asked_at = time.perf_counter()
    connection.sendall(message)


def _receive(person: _Person, connection: socket.socket, seen: Seen) -> bool:
    """Whether the answer is complete."""
    part = connection.recv(CHUNK)
    if not part:
        raise RuntimeError(f"the server hung up: {person.got[:200]!r}")
    person.got += part
    if person.wanted < 0:
        end = person.got.find(_END)
        if end < 0:
            return False
        head = person.got[:end].lower()
        start = head.index(_LENGTH) + len(_LENGTH)
        person.wanted = end + len(_END) + int(head[start:].split(b"\r\n", 1)[0])
    if len(person.got) < person.wanted:
        return False
    if person.got.startswith(b"HTTP/1.1 200"):
        seen.times.append((time.perf_counter() - person.asked_at) * 1000)
    else:
        seen.wrong += 1
    return True
