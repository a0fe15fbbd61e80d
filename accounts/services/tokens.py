"""Access tokens by simplejwt, and refresh tokens that are `family.counter.HMAC`."""

from dataclasses import dataclass
from typing import Any, cast

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from accounts.constants import Role
from accounts.models import Session, User
from core.errors import UnauthenticatedError
from core.signing import is_signed, sign
from core.viewer import Role as ViewerRole
from core.viewer import Viewer

SESSION_SCOPES = ("read", "write", "messages")


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says; `expires_at` is in seconds since the epoch."""

    viewer: Viewer
    epoch: int
    expires_at: int


def access_token_issue(*, user: User, session: Session) -> str:
    """A 10-minute JWT that names person, session, epoch, role and scopes."""
    token = AccessToken()
    token["sub"] = str(user.pk)
    token["sid"] = str(session.pk)
    token["epoch"] = user.token_epoch
    token["role"] = user.role
    token["verified"] = user.is_verified
    token["scopes"] = [*SESSION_SCOPES, *(["admin"] if user.role == Role.ADMIN else [])]
    return str(token)


def access_token_read(raw: str) -> AccessClaims:
    """Check signature, type, times, audience and issuer, and read the claims.

    Raises UnauthenticatedError `token_expired` for anything that is not a valid access token.
    """
    try:
        token = AccessToken(raw)  # type: ignore[arg-type]
        return _claims(token.payload)
    except (TokenError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise token_expired() from error


def _claims(payload: dict[str, Any]) -> AccessClaims:
    viewer = Viewer(
        id=int(payload["sub"]),
        session_id=int(payload["sid"]),
        scopes=frozenset(map(str, payload["scopes"])),
        role=cast("ViewerRole", Role(payload["role"]).value),
        is_verified=payload["verified"] is True,
    )
    return AccessClaims(viewer, int(payload["epoch"]), int(payload["exp"]))


def token_expired() -> UnauthenticatedError:
    """The one answer for a token that is not, or no longer, good."""
    return UnauthenticatedError("Sign in again.", code="token_expired")


def refresh_token_for(session: Session) -> str:
    """The session's present refresh token; the same counter gives the same token."""
    body = f"{session.family}.{session.counter}"
    return f"{body}.{sign('refresh', body, length=32)}"


def refresh_token_read(raw: str) -> tuple[str, int]:
    """Family and counter of a refresh token that we signed; raises UnauthenticatedError."""
    body, _, signature = raw.rpartition(".")
    family, _, counter = body.partition(".")
    if not is_signed("refresh", body, signature, length=32) or not counter.isdigit():
        raise token_expired()
    return family, int(counter)
