"""WebSocket tickets: 30 seconds, one use, bound to person, session, epoch, client and Origin."""

import secrets
from dataclasses import dataclass
from typing import Any

import orjson

from accounts.constants import TICKET_LIFETIME_S, ClientKind, UserState
from accounts.models import User
from accounts.selectors.sessions import session_check
from accounts.services.tokens import AccessClaims, token_expired
from core.errors import ApplicationError, ForbiddenError, UnavailableError
from core.redis import attempt, key, sync_redis
from core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SocketPass:
    """Who opened a socket, under which epoch, and until when the access behind it is good."""

    viewer: Viewer
    epoch: int
    expires_at: int
    client: str
    origin: str


def ws_ticket_issue(*, claims: AccessClaims, client: ClientKind, origin: str) -> str:
    """A fresh ticket. Raises UnavailableError while Redis is away: HTTP carries the chat then."""
    ticket = secrets.token_urlsafe(32)
    viewer = claims.viewer
    body = {
        "user_id": viewer.id,
        "session_id": viewer.session_id,
        "scopes": sorted(viewer.scopes),
        "role": viewer.role,
        "is_verified": viewer.is_verified,
        "epoch": claims.epoch,
        "expires_at": claims.expires_at,
        "client": client,
        "origin": origin,
    }
    stored = attempt(
        lambda: sync_redis().set(key("ticket", ticket), orjson.dumps(body), ex=TICKET_LIFETIME_S),
        lambda: None,
    )
    if not stored:
        raise UnavailableError("Live updates are away for a moment.", retry_after=2)
    return ticket


def ws_ticket_redeem(*, ticket: str, origin: str) -> SocketPass:
    """Spend a ticket. `origin` is the handshake's Origin header, empty for native clients.

    Raises UnauthenticatedError `token_expired` unless it is unspent, not older than 30 s, was made
    for the same Origin, and its session is still live; ForbiddenError `suspended`.
    """
    raw = attempt(lambda: sync_redis().getdel(key("ticket", ticket)), lambda: None)
    if not isinstance(raw, bytes):
        raise token_expired()
    found = orjson.loads(raw)
    is_native = found["client"] == ClientKind.NATIVE
    if found["origin"] != origin or (not origin and not is_native):
        raise token_expired()
    socket = _socket_pass(found)
    check = session_check(
        user_id=found["user_id"], session_id=found["session_id"], epoch=socket.epoch
    )
    if not check.is_live:
        raise _ended(found["user_id"])
    return socket


def _ended(user_id: int) -> ApplicationError:
    if User.objects.filter(pk=user_id, state=UserState.SUSPENDED).exists():
        return ForbiddenError("This account is suspended.", code="suspended")
    return token_expired()


def _socket_pass(found: dict[str, Any]) -> SocketPass:
    viewer = Viewer(
        id=found["user_id"],
        session_id=found["session_id"],
        scopes=frozenset(found["scopes"]),
        role=found["role"],
        is_verified=bool(found["is_verified"]),
    )
    return SocketPass(
        viewer=viewer,
        epoch=found["epoch"],
        expires_at=found["expires_at"],
        client=str(found["client"]),
        origin=str(found["origin"]),
    )
