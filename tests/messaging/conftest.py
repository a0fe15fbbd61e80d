"""People with sessions, a conversation, and clients of the gateway."""

import asyncio
import contextlib
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connection

from accounts.constants import ClientKind
from accounts.models import User
from accounts.services import (
    AccessClaims,
    Device,
    access_token_read,
    session_start,
    ws_ticket_issue,
)
from config.asgi import application
from core.viewer import Viewer
from messaging.constants import SUBPROTOCOL
from messaging.consumers import stop_running_gateway
from messaging.services import Sent, conversation_open, message_draft, message_send


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    user: User
    claims: AccessClaims

    @property
    def id(self) -> int:
        return self.user.pk

    @property
    def viewer(self) -> Viewer:
        return self.claims.viewer

    def ticket(self, *, client=ClientKind.BROWSER, origin: str | None = None) -> str:
        """A fresh WebSocket ticket."""
        origin = settings.SITE_URL if origin is None else origin
        return ws_ticket_issue(claims=self.claims, client=client, origin=origin)


class RefusedError(Exception):
    """The handshake was refused, or the socket was closed, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Client:
    """One tab: sends commands, keeps what is pushed until a test asks for it."""

    def __init__(self, person: Person | None) -> None:
        self.person = person
        self.pushed: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)

    async def open(
        self,
        *,
        ticket: str | None = None,
        origin: str | None = "",
        path: str = "/ws/v1",
        subprotocols: list[str] | None = None,
    ) -> "Client":
        """Open the socket with a ticket of the person's; raises RefusedError."""
        if ticket is None and self.person is not None:
            ticket = self.person.ticket()
        headers = [] if origin is None else [(b"origin", (origin or settings.SITE_URL).encode())]
        query = "" if ticket is None else f"?ticket={quote(ticket)}"
        self.wire = WebsocketCommunicator(
            application,
            path + query,
            headers=headers,
            subprotocols=[SUBPROTOCOL] if subprotocols is None else subprotocols,
        )
        is_open, answer = await self.wire.connect(timeout=5)
        if not is_open:
            raise RefusedError(answer)
        self.subprotocol = answer
        # The ticket is looked at after the socket is accepted.
        await self.call("ping")
        return self

    async def frame(self, timeout_s: float = 5.0) -> dict[str, Any]:
        """The next frame of any kind; raises RefusedError with the code when the socket is closed."""
        event = await self.wire.receive_output(timeout_s)
        if event["type"] == "websocket.close":
            raise RefusedError(event["code"])
        return orjson.loads(event["text"])

    async def answer(self, command_id: str | None) -> dict[str, Any]:
        """The answer to one command; pushes that come before it are kept."""
        while True:
            frame = await self.frame()
            if frame["t"] in ("ack", "error") and frame["re"] == command_id:
                return frame
            self.pushed.append(frame)

    def send(self, type_: str, **data: Any) -> str:
        """Send a command without waiting; returns its id."""
        command_id = f"c{next(self._numbers)}"
        self.send_text(json.dumps({"t": type_, "id": command_id, "d": data}, ensure_ascii=False))
        return command_id

    def send_text(self, text: str) -> None:
        """Send a frame as it is."""
        self.wire.input_queue.put_nowait({"type": "websocket.receive", "text": text})

    async def call(self, type_: str, **data: Any) -> dict[str, Any]:
        """Send a command and return the ack's data; raises AssertionError for an error."""
        frame = await self.answer(self.send(type_, **data))
        assert frame["t"] == "ack", frame
        return frame["d"]

    async def fail(self, type_: str, **data: Any) -> dict[str, Any]:
        """Send a command and return the error's data."""
        frame = await self.answer(self.send(type_, **data))
        assert frame["t"] == "error", frame
        return frame["d"]

    async def say(self, conversation_id: int, body: str, **data: Any) -> dict[str, Any]:
        """Send a message and return the ack's data."""
        return await self.call("message.send", **message(conversation_id, body, **data))

    async def push(self, type_: str, timeout_s: float = 5.0) -> dict[str, Any]:
        """The data of the next push of this type; others are kept."""
        for place, frame in enumerate(self.pushed):
            if frame["t"] == type_:
                return self.pushed.pop(place)["d"]
        while True:
            frame = await self.frame(timeout_s)
            if frame["t"] == type_:
                return frame["d"]
            self.pushed.append(frame)

    async def nothing(self, type_: str, within_s: float = 0.15) -> None:
        """No push of this type comes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while True:
                    self.pushed.append(await _take(self.wire))
        assert [frame for frame in self.pushed if frame["t"] == type_] == []

    async def closed(self, timeout_s: float = 5.0) -> int:
        """Wait for the server to close, and return the code."""
        try:
            while True:
                self.pushed.append(await self.frame(timeout_s))
        except RefusedError as refused:
            return refused.code

    async def close(self) -> None:
        """Leave."""
        await self.wire.disconnect(timeout=5)


async def _take(wire: WebsocketCommunicator) -> dict[str, Any]:
    # receive_output would cancel the application when its time is up.
    event = await wire.output_queue.get()
    return orjson.loads(event["text"])


def message(conversation_id: int, body: str, **data: Any) -> dict[str, Any]:
    """The data of message.send, with a client_id of its own unless one is given."""
    return {
        "conversation_id": str(conversation_id),
        "client_id": str(uuid.uuid4()),
        "body": body,
        **data,
    }


@pytest.fixture
def person(make_user, device: Device) -> Callable[[], Person]:
    """`person()`: somebody new, signed in."""

    def make() -> Person:
        signed_in = session_start(user=make_user(), device=device)
        return Person(signed_in.user, access_token_read(signed_in.access))

    return make


@pytest.fixture
def ann(person) -> Person:
    """One person."""
    return person()


@pytest.fixture
def bob(person) -> Person:
    """Another."""
    return person()


@pytest.fixture
def cid(person) -> Person:
    """A third, in none of their conversations."""
    return person()


def open_chat(one: Person, other: Person) -> int:
    """The id of the conversation of these two."""
    return conversation_open(viewer=one.viewer, user_ids=[other.id]).conversation_id


def say(person: Person, conversation_id: int, body: str, **fields: Any) -> Sent:
    """Send a message by the service."""
    fields = {"client_id": uuid.uuid4(), **fields}
    draft = message_draft(
        viewer=person.viewer, conversation_id=conversation_id, body=body, **fields
    )
    return message_send(viewer=person.viewer, draft=draft)


def closing(function: Callable[..., Any]) -> Callable[..., Any]:
    """For a thread of its own: its database connection ends with it."""

    def call(*args: Any, **how: Any) -> Any:
        try:
            return function(*args, **how)
        finally:
            connection.close()

    return call


@pytest.fixture
def chat(ann: Person, bob: Person) -> int:
    """A conversation of ann and bob, opened by ann."""
    return open_chat(ann, bob)


@pytest.fixture
async def connect(transactional_db) -> AsyncIterator[Callable[..., Any]]:
    """`await connect(person)`: an open tab. All are closed, and the gateway with them."""
    tabs: list[Client] = []

    async def open_tab(person: Person | None = None, **how: Any) -> Client:
        tab = await Client(person).open(**how)
        tabs.append(tab)
        return tab

    try:
        yield open_tab
        for tab in tabs:
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await tab.close()
    finally:
        await stop_running_gateway()
