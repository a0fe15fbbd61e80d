"""The Channels consumers: the handshake, frames in and frames out."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import validate_host

from accounts.services import SocketPass, ws_ticket_redeem
from core.errors import ApplicationError
from core.health import is_draining
from messaging.constants import SUBPROTOCOL, CloseCode
from messaging.consumers.answering import take_at_once, take_frame
from messaging.consumers.direct import DirectWriter, direct_writer, take_directly
from messaging.consumers.gateway import Gateway
from messaging.consumers.running import running_gateway
from messaging.consumers.session import Session, Wire

log = logging.getLogger(__name__)

MOST_SOCKETS = 12_000


class LeanConsumer(AsyncWebsocketConsumer):
    """Channels' consumer without its layer (the Bus does that) and without its thread hops.

    Stock `dispatch` waits for a thread before each event, so that one slow query anywhere stops
    every socket of the process. Connections to the database are kept in order by
    `database_sync_to_async`, which is the only way here to reach the ORM.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle the events of one socket, one after the other."""
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass

    async def dispatch(self, message: Any) -> None:
        """Call the method that is named like the event."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_connect(self, message: Any) -> None:
        """Begin."""
        await self.connect()

    async def websocket_disconnect(self, message: Any) -> None:
        """End."""
        raise StopConsumer


class NoSuchSocket(LeanConsumer):
    """Any path but ours: the handshake is refused."""

    async def connect(self) -> None:
        """Answer 403."""
        await self.close()


class GatewayConsumer(LeanConsumer):
    """`/ws/v1`: one socket per tab carries everything (API.md section 4)."""

    session: Session | None = None
    direct: DirectWriter | None = None
    is_aborted = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As above; however the socket ends, the process forgets it."""
        self.task = asyncio.current_task()
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if not self.is_aborted:
                raise
        finally:
            if self.session is not None:
                self.session.end()

    async def connect(self) -> None:
        """Check where the socket comes from, accept it, and find out whose it is."""
        if not _is_origin_allowed(self.origins):
            await self.close()
            return
        if is_draining():
            await self._send_elsewhere()
            return
        gateway = running_gateway()
        if gateway.hub.count + gateway.opening >= MOST_SOCKETS:
            await self._send_elsewhere()
            return
        gateway.opening += 1
        try:
            code = await self._open(gateway)
        finally:
            gateway.opening -= 1
        if code is not None:
            # Unless the client was faster: servers refuse to close twice.
            with suppress(RuntimeError):
                await self.close(code)

    async def _open(self, gateway: Gateway) -> int | None:
        """Accept, and the close code unless all is well."""
        is_spoken = SUBPROTOCOL in self.scope.get("subprotocols", [])
        await self.accept(subprotocol=SUBPROTOCOL if is_spoken else None)
        return await self._sign_in(gateway) if is_spoken else CloseCode.BAD_FRAME

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame from the client."""
        if self.session is not None:
            await take_frame(self.session, text_data)

    @property
    def origins(self) -> list[str]:
        """The handshake's Origin headers: one from a browser, none from other clients."""
        headers = self.scope["headers"]
        return [value.decode("latin-1") for name, value in headers if name == b"origin"]

    async def _send_elsewhere(self) -> None:
        """503 before accept, so that the balancer's client tries elsewhere; daphne can only 403."""
        if "websocket.http.response" not in (self.scope.get("extensions") or {}):
            await self.close()
            return
        send: Any = self.base_send
        await send({"type": "websocket.http.response.start", "status": 503, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})

    async def _sign_in(self, gateway: Gateway) -> int | None:
        """Begin the session of the ticket's owner, or return the close code."""
        ticket = parse_qs(self.scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        origin = "".join(self.origins)
        try:
            pass_: SocketPass = await gateway.in_thread(
                lambda: ws_ticket_redeem(ticket=ticket, origin=origin)
            )
        except ApplicationError as error:
            return CloseCode.SUSPENDED if error.code == "suspended" else CloseCode.UNAUTHENTICATED
        except DatabaseError:
            log.warning("nobody can sign in: the database is away")
            return CloseCode.SILENT_OR_SLOW
        if "messages" not in pass_.viewer.scopes:
            return CloseCode.UNAUTHENTICATED
        self.direct = direct_writer(self.base_send)
        wire = Wire(self._write, self._end, self._abort, self.direct)
        session = Session(gateway, wire, pass_)
        if not await gateway.presence.join(session):
            return CloseCode.TOO_MANY_SOCKETS
        self.session = session
        gateway.hub.add(session)
        take_directly(self.base_send, partial(take_at_once, session))
        if is_draining():
            session.restart()
        return None

    def _write(self, text: str) -> Coroutine[Any, Any, None]:
        """Straight to the server, past three layers that would each make a coroutine of it."""
        send: Any = self.base_send
        written: Coroutine[Any, Any, None] = send({"type": "websocket.send", "text": text})
        return written

    async def _end(self, code: int) -> None:
        """Close, after what was written in this turn."""
        if self.direct is not None:
            self.direct.flush()
        await self.close(code)

    def _abort(self) -> None:
        self.is_aborted = True
        if self.task is not None:
            self.task.cancel()


def _is_origin_allowed(origins: list[str]) -> bool:
    """None is a client that is no browser (its ticket must say so); one must be a host of ours."""
    if not origins:
        return True
    try:
        parts = urlsplit(origins[0])
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        len(origins) == 1
        and parts.scheme in ("http", "https")
        and validate_host(host, settings.ALLOWED_HOSTS)
    )
