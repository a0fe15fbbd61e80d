"""An HTTP client with keep-alive that repeats nothing and forgives nothing."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import h11
import orjson

from benchmarks.people.tally import Tally
from benchmarks.people.target import Target

TIMEOUT_S: Final = 15.0
READ_BYTES: Final = 65_536
OK: Final = range(200, 300)


class RequestFailedError(Exception):
    """There was no good answer; the tally has counted it."""


class Api:
    """One person's connections: as many as they have requests at once."""

    def __init__(self, target: Target, tally: Tally) -> None:
        self.target, self.tally = target, tally
        self.access = ""
        self._idle: list[_Connection] = []

    async def get(self, route: str, *ids: object, **query: object) -> Any:
        """The answer of `GET route`, whose `{}` are the ids. Raises RequestFailedError."""
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return await self._call("GET", route, ids, words)

    async def post(self, route: str, *ids: object, **data: object) -> Any:
        """The same with a JSON body."""
        return await self._call("POST", route, ids, body=Body.json(data))

    async def put(self, route: str, *ids: object, **data: object) -> Any:
        """Switch something on, or set it."""
        return await self._call("PUT", route, ids, body=Body.json(data))

    async def delete(self, route: str, *ids: object) -> Any:
        """Switch something off."""
        return await self._call("DELETE", route, ids)

    async def upload(self, route: str, picture: bytes, alt_text: str) -> Any:
        """Send a JPEG as a form does."""
        return await self._call("POST", route, body=Body.form(picture, alt_text))

    async def picture(self, url: str) -> None:
        """Fetch a file of the site, whole."""
        path = url.removeprefix(self.target.url)
        await self._exchange("GET picture", "GET", path, Body.none())

    def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().close()

    async def _call(
        self,
        method: str,
        route: str,
        ids: tuple[object, ...] = (),
        query: str = "",
        body: "Body | None" = None,
    ) -> Any:
        path = f"/api/v1/{route.format(*ids)}" + (f"?{query}" if query else "")
        what = f"{method} {route.replace('{}', '{id}')}"
        content = await self._exchange(what, method, path, body or Body.none())
        return orjson.loads(content) if content else None

    async def _exchange(self, what: str, method: str, path: str, body: "Body") -> bytes:
        began = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_S):
                connection = self._free() or await _Connection.open(self.target)
                status, content = await connection.exchange(
                    method, path, self._headers(path, body), body.content
                )
        except (OSError, EOFError, TimeoutError, h11.ProtocolError) as error:
            raise self._failed(what, f"{type(error).__name__} {error}".strip(), began) from error
        if connection.is_reusable:
            self._idle.append(connection)
        if status not in OK:
            raise self._failed(what, f"{status} {_code_of(content)}".strip(), began)
        self.tally.took(what, began)
        return content

    def _failed(self, what: str, reason: str, began: float) -> RequestFailedError:
        self.tally.failed(what, reason, began)
        return RequestFailedError(f"{what}: {reason}")

    def _free(self) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable:
                return connection
            connection.close()
        return None

    def _headers(self, path: str, body: "Body") -> dict[str, str]:
        headers = {"Host": self.target.host, "User-Agent": "jyoti-people", **body.headers}
        if path.startswith("/api/"):
            headers["X-Client"] = "native"
            if self.access:
                headers["Authorization"] = f"Bearer {self.access}"
        return headers


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    content: bytes
    headers: Mapping[str, str]

    @classmethod
    def none(cls) -> "Body":
        """Nothing."""
        return cls(b"", {})

    @classmethod
    def json(cls, data: Mapping[str, object]) -> "Body":
        """An object; nothing when it is empty."""
        if not data:
            return cls.none()
        return cls(orjson.dumps(data), {"Content-Type": "application/json"})

    @classmethod
    def form(cls, picture: bytes, alt_text: str) -> "Body":
        """A picture and its text."""
        mark = uuid.uuid4().hex
        part = f'--{mark}\r\nContent-Disposition: form-data; name="'
        content = (
            f'{part}alt_text"\r\n\r\n{alt_text}\r\n'
            f'{part}file"; filename="picture.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        ).encode()
        content += picture + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        return cls(content, {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())})


class _Connection:
    """One TCP connection, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._state = h11.Connection(h11.CLIENT)

    @classmethod
    async def open(cls, target: Target) -> "_Connection":
        tls = target.tls_context
        reader, writer = await asyncio.open_connection(
            target.address or target.name,
            target.port,
            ssl=tls,
            server_hostname=target.name if tls else None,
        )
        return cls(reader, writer)

    @property
    def is_reusable(self) -> bool:
        """Whether both sides are done and the server has not hung up."""
        return self._state.our_state is h11.IDLE and not self._reader.at_eof()

    async def exchange(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[int, bytes]:
        """Status and body. The connection is closed unless the exchange ended cleanly."""
        try:
            length = {"Content-Length": str(len(content))} if content or method != "GET" else {}
            fields = list({**headers, **length}.items())
            self._send(h11.Request(method=method, target=path, headers=fields))
            self._send(h11.Data(data=content))
            self._send(h11.EndOfMessage())
            answer = await self._answer()
            if self._state.our_state is self._state.their_state is h11.DONE:
                self._state.start_next_cycle()
            return answer
        finally:
            if self._state.our_state is not h11.IDLE:
                self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self._writer.close()

    def _send(self, event: Any) -> None:
        if data := self._state.send(event):
            self._writer.write(data)

    async def _answer(self) -> tuple[int, bytes]:
        status, parts = 0, []
        while True:
            event = self._state.next_event()
            if event is h11.NEED_DATA:
                data = await self._reader.read(READ_BYTES)
                if not data and not status:
                    raise EOFError("closed before the answer")
                self._state.receive_data(data)
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)):
                return status, b"".join(parts)


def _code_of(content: bytes) -> str:
    """The stable code of a problem of ours, else how the answer begins."""
    with contextlib.suppress(orjson.JSONDecodeError, AttributeError):
        return str(orjson.loads(content).get("code", ""))
    return content[:80].decode(errors="replace").replace("\n", " ")
