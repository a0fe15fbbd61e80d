"""A strict native client of the WebSocket gateway (API.md, section 4).

It holds one socket open, answers what the server asks for, and after every loss comes back with
jitter and resumes. A server that goes away in any other way than announced is counted.
"""

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import Awaitable
from typing import Any, Final, Protocol

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from benchmarks.people.api import Api, RequestFailedError
from benchmarks.people.tally import Tally

ANSWER_S: Final = 10.0
OPEN_S: Final = 15.0
SERVICE_RESTART: Final = 1012
# After an announced restart people return at a random moment within what the server names.
JITTER_S: Final = 3.0
# After a loss that nobody announced: soon, then slower, at most so slowly.
SLOWEST_S: Final = 8.0


class SocketLostError(Exception):
    """The socket ended before the answer came; whether the command was carried out is unknown."""


class CommandRefusedError(Exception):
    """The answer was an error frame."""

    def __init__(self, code: str, retry_after: float | None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class Owner(Protocol):
    """Whom the socket belongs to."""

    async def fresh_access(self) -> None:
        """Renew the access token if it ends soon."""

    def pushed(self, type_: str, data: dict[str, Any]) -> None:
        """Take one push."""

    async def resumed(self, changed: list[dict[str, Any]]) -> None:
        """Catch up with what changed while there was no socket."""


class Gateway:
    """Keeps one socket of one person open until `stop`."""

    def __init__(self, owner: Owner, api: Api, tally: Tally, dice: random.Random) -> None:
        self._owner, self._api, self._tally, self._dice = owner, api, tally, dice
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._socket: ClientConnection | None = None
        self._is_open = asyncio.Event()
        self._is_announced, self._within_s = False, JITTER_S
        self._inbox_version: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._task = asyncio.create_task(self._keep_open())

    async def ready(self, timeout_s: float) -> None:
        """Wait for an open socket that has caught up. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            await self._is_open.wait()

    async def call(self, type_: str, **data: object) -> dict[str, Any]:
        """Send a command, return its ack. Raises SocketLostError, CommandRefusedError."""
        if not self._is_open.is_set():
            raise SocketLostError
        return await self._call(type_, data)

    async def stop(self) -> None:
        """Close for good."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _keep_open(self) -> None:
        """Open, serve, lose, wait, and again."""
        lost_at, tries = None, 0
        while True:
            try:
                async with asyncio.timeout(OPEN_S):
                    socket = await self._open()
            except (OSError, TimeoutError, InvalidHandshake, RequestFailedError) as error:
                self._tally.refused_sockets[_why(error)] += 1
                tries += 1
                await asyncio.sleep(self._pause(tries))
                continue
            tries = 0
            code = await self._serve(socket, lost_at)
            lost_at = time.monotonic()
            await asyncio.sleep(self._dice.uniform(0, self._within_s) if code else self._pause(1))

    async def _open(self) -> ClientConnection:
        await self._owner.fresh_access()
        target = self._api.target
        ticket = (await self._api.post("auth/ws-ticket"))["ticket"]
        return await connect(
            f"{target.socket_url}?ticket={ticket}",
            host=target.address or target.name,
            port=target.port,
            ssl=target.tls_context,
            subprotocols=[Subprotocol("jyoti.v1")],
            compression=None,
            ping_interval=None,
            open_timeout=OPEN_S,
            close_timeout=2,
            proxy=None,
        )

    async def _serve(self, socket: ClientConnection, lost_at: float | None) -> bool:
        """Until the socket is lost; whether its end was announced as a restart."""
        self._socket, self._is_announced = socket, False
        beating = asyncio.create_task(self._begin(lost_at))
        try:
            async for text in socket:
                self._take(orjson.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self._is_open.clear()
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            self._give_up_answers()
            await socket.close()
        return self._count_end(socket)

    def _count_end(self, socket: ClientConnection) -> bool:
        code = socket.close_code
        self._tally.closes[str(code)] += 1
        is_restart = code == SERVICE_RESTART
        if is_restart and not self._is_announced:
            self._tally.unannounced += 1
        return is_restart

    async def _begin(self, lost_at: float | None) -> None:
        """Say hello or resume, catch up, tell everybody, then keep the heart beating."""
        socket = self._socket
        try:
            beat_s = await self._catch_up()
            if lost_at is not None:
                self._tally.back_s.append(time.monotonic() - lost_at)
            self._is_open.set()
            while True:
                await asyncio.sleep(beat_s)
                await self._call("ping", {})
        except (SocketLostError, RequestFailedError, CommandRefusedError):
            # No answer in time, or no way to catch up: this socket is of no use.
            if socket is not None:
                await socket.close(1001)

    async def _catch_up(self) -> float:
        if self._inbox_version is None:
            state = await self._call("hello", {"client": "people"})
        else:
            known = {"client": "people", "inbox_version": self._inbox_version}
            state = await self._call("resume", known)
            await self._owner.resumed(state["changed"])
        self._inbox_version = state["inbox_version"]
        return float(state["heartbeat_s"])

    async def _call(self, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        command_id = f"c{next(self._numbers)}"
        answer = self._waiting[command_id] = asyncio.get_running_loop().create_future()
        frame = orjson.dumps({"t": type_, "id": command_id, "d": data})
        try:
            if self._socket is None:
                raise SocketLostError
            await self._socket.send(frame, text=True)
            return await asyncio.wait_for(answer, ANSWER_S)
        except (ConnectionClosed, TimeoutError) as error:
            raise SocketLostError from error
        finally:
            self._waiting.pop(command_id, None)

    def _take(self, frame: dict[str, Any]) -> None:
        """One frame: an answer, something about the socket itself, or a push for the owner."""
        type_, data = frame["t"], frame["d"]
        if type_ in ("ack", "error"):
            self._answered(frame)
        elif type_ == "server.restarting":
            self._is_announced = True
            self._within_s = float(data["retry_within_s"])
            self._tally.restarting += 1
        elif type_ == "resync":
            self._later(self._catch_up())
        elif type_ == "auth.expiring":
            self._later(self._renew())
        else:
            self._owner.pushed(type_, data)

    def _answered(self, frame: dict[str, Any]) -> None:
        future = self._waiting.pop(frame["re"], None)
        if future is None or future.done():
            return  # Late: what waited for it has given up.
        data = frame["d"]
        if frame["t"] == "ack":
            future.set_result(data)
        else:
            future.set_exception(CommandRefusedError(data["code"], data.get("retry_after")))

    async def _renew(self) -> None:
        await self._owner.fresh_access()
        ticket = (await self._api.post("auth/ws-ticket"))["ticket"]
        await self._call("auth.refresh", {"ticket": ticket})

    def _later(self, work: Awaitable[object]) -> None:
        async def run() -> None:
            with contextlib.suppress(SocketLostError, RequestFailedError, CommandRefusedError):
                await work

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _give_up_answers(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(SocketLostError())
        self._waiting.clear()

    def _pause(self, tries: int) -> float:
        return self._dice.uniform(0.2, 1.0) * min(SLOWEST_S, 2.0 ** (tries - 1))


def _why(error: Exception) -> str:
    """A refused handshake in a few words."""
    if isinstance(error, InvalidStatus):
        return f"status {error.response.status_code}"
    return f"{type(error).__name__} {error}".strip()[:120]
