"""The socket side of the client: one socket, kept open, with an answer to each command."""

import asyncio
import contextlib
import itertools
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from messaging.constants import HEARTBEAT_S, SUBPROTOCOL, CloseCode
from messaging.management.chat.api import Api, ApiError

ANSWER_S: Final = 8.0
OPEN_S: Final = 8.0
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
MOST_RESTART_S: Final = 10.0
#: Nothing of the server's may be larger; a changed list of 500 conversations is about 50 KB.
FRAME_MAX: Final = 4 << 20

Data = dict[str, Any]


class LinkLostError(Exception):
    """No answer came; whether the command was carried out is not known."""


class RefusedError(Exception):
    """The answer was an error frame."""

    def __init__(self, code: str, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.code, self.retry_after = code, retry_after


class EndedError(Exception):
    """The server will not have this person back: suspended, or signed out."""


class Link:
    """Opens the socket with a fresh ticket and again after every loss, until `stop`.

    `greet` runs on each new socket before it counts as live; `pushed` gets what is no answer;
    `heard` gets the answer to each heartbeat. With `jitter` 0 it comes back at once.
    """

    def __init__(
        self,
        api: Api,
        *,
        greet: Callable[[], Awaitable[None]],
        pushed: Callable[[str, Data], None],
        heard: Callable[[Data], None],
        changed: Callable[[str], None] = lambda _: None,
        jitter: float = 1.0,
    ) -> None:
        self._api, self._greet, self._pushed, self._heard = api, greet, pushed, heard
        self._changed, self._jitter = changed, jitter
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Data]] = {}
        self._socket: ClientConnection | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.live = asyncio.Event()
        #: How often it was live, and how each socket ended.
        self.opened, self.codes = 0, list[int]()
        self.beat_s: float = HEARTBEAT_S

    async def run(self) -> None:
        """Stay connected. Ends only by cancellation or with EndedError."""
        failures = 0
        while True:
            within_s = await self._once()
            failures = failures + 1 if within_s is None else 0
            bound = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (failures - 1))
            pause_s = bound if within_s is None else within_s
            await asyncio.sleep(random.uniform(0, pause_s) * self._jitter)  # noqa: S311

    async def call(self, type_: str, **data: object) -> Data:
        """Send a command; its ack's data. Raises LinkLostError, RefusedError."""
        if self._socket is None:
            raise LinkLostError
        command_id = f"c{next(self._numbers)}"
        answer = self._waiting[command_id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(json.dumps({"t": type_, "id": command_id, "d": data}))
            return await asyncio.wait_for(answer, ANSWER_S)
        except (ConnectionClosed, TimeoutError) as error:
            raise LinkLostError from error
        finally:
            self._waiting.pop(command_id, None)

    def abort(self) -> None:
        """Cut the connection without a word, as a lost network does; `run` opens another."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _once(self) -> float | None:
        """One socket from its ticket to its end; None when it was never live.

        Else within how many seconds to come back.
        """
        was_live = False
        self._within_s: float | None = None
        self._changed("connecting")
        try:
            async with asyncio.timeout(OPEN_S):
                self._socket = await self._open()
            reading = asyncio.create_task(self._read(self._socket))
            try:
                await self._start()
                was_live = True
                await asyncio.wait([reading, self._keep_alive()], return_when="FIRST_COMPLETED")
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
        except ApiError as error:
            if not error.is_transient:
                raise EndedError(str(error)) from error
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed, LinkLostError):
            pass
        except RefusedError:
            # Not even the greeting: the server has too much to do.
            pass
        finally:
            code = await self._drop()
        if code == CloseCode.SUSPENDED:
            raise EndedError("The account is suspended.")
        return self._pause_after(code) if was_live else None

    async def _open(self) -> ClientConnection:
        ticket = await self._api.ticket()
        url = self._api.url.replace("http", "ws", 1)
        return await connect(
            f"{url}/ws/v1?ticket={ticket}",
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            max_size=FRAME_MAX,
            open_timeout=OPEN_S,
            ping_interval=None,
            close_timeout=1,
            proxy=None,
        )

    async def _start(self) -> None:
        await self._greet()
        self.opened += 1
        self.live.set()
        self._changed("live")

    def _keep_alive(self) -> asyncio.Task[None]:
        task = asyncio.create_task(self._beat())
        self._tasks.add(task)
        return task

    async def _beat(self) -> None:
        """A heartbeat without an answer is the only sign of a dead connection."""
        with contextlib.suppress(LinkLostError):
            while True:
                await asyncio.sleep(self.beat_s)
                with contextlib.suppress(RefusedError):
                    self._heard(await self.call("ping"))

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in socket:
                frame = json.loads(text)
                self._take(frame["t"], frame.get("re"), frame["d"])
        self._give_up()

    def _take(self, type_: str, answers: str | None, data: Data) -> None:
        if type_ in ("ack", "error"):
            self._answered(type_, answers, data)
        elif type_ == "server.restarting":
            self._within_s = min(float(data["retry_within_s"]), MOST_RESTART_S)
        elif type_ == "auth.expiring":
            self._later(self._renew())
        else:
            self._pushed(type_, data)

    def _answered(self, type_: str, answers: str | None, data: Data) -> None:
        answer = self._waiting.pop(answers or "", None)
        if answer is None or answer.done():
            return  # Late: who asked has given up.
        if type_ == "ack":
            answer.set_result(data)
        else:
            answer.set_exception(
                RefusedError(data["code"], data["message"], data.get("retry_after"))
            )

    async def _renew(self) -> None:
        """Go on under a new ticket; where that fails the server closes, and the next is fresh."""
        with contextlib.suppress(ApiError, LinkLostError, RefusedError):
            await self.call("auth.refresh", ticket=await self._api.ticket())

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drop(self) -> int:
        """Forget the socket; the code it ended with, 1006 for none."""
        self.live.clear()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        socket, self._socket = self._socket, None
        self._give_up()
        if socket is None:
            return 1006
        await socket.close(1001)
        code = socket.close_code or 1006
        self.codes.append(code)
        self._changed("lost")
        return code

    def _give_up(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(LinkLostError())

    def _pause_after(self, code: int) -> float:
        if code in (CloseCode.TOO_MANY_SOCKETS, CloseCode.TOO_FAST):
            return LONGEST_PAUSE_S
        return FIRST_PAUSE_S if self._within_s is None else self._within_s
