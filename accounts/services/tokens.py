"""Access tokens by simplejwt, and refresh tokens that are `family.counter.HMAC`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, cast

import jwt
from jwt.algorithms import HMACAlgorithm
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from accounts.constants import FOLLOWS_MANY, Role, UserState
from accounts.models import Session, User
from core.errors import UnauthenticatedError
from core.ids import id_of
from core.signing import is_signed, sign
from core.viewer import Role as ViewerRole
from core.viewer import Viewer

# `account` is what no personal token gets: passwords, sessions, tokens, the account itself.
SESSION_SCOPES = ("read", "write", "messages", "account")
# Enough to take one's things along, and to stay after all.
DEPARTING_SCOPES = ("read", "account")
#: Lets people, and scanners of public code, see what a lost token opens.
PERSONAL_PREFIX = "jyp_"


class _KnownKeyAlgorithm(HMACAlgorithm):
    """HMAC-SHA256, which looks at a key once: whether it is one of another kind (RFC 8725, 2.1).

    PyJWT does so for every token, which takes a fifth of reading one.
    """

    def prepare_key(self, key: str | bytes) -> bytes:
        """As inherited. Raises InvalidKeyError for keys of other algorithms."""
        return _prepared(self, key)


@cache
def _prepared(algorithm: HMACAlgorithm, key: str | bytes) -> bytes:
    return HMACAlgorithm.prepare_key(algorithm, key)


jwt.unregister_algorithm("HS256")
jwt.register_algorithm("HS256", _KnownKeyAlgorithm(hashlib.sha256))


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says; `expires_at` is in seconds since the epoch."""

    viewer: Viewer
    epoch: int
    expires_at: int
    is_personal: bool = False


def access_token_issue(*, user: User, session: Session) -> str:
    """A 10-minute JWT that names person, session, epoch, role and scopes."""
    return str(_token(user, session, _scopes(user)))


def personal_token_issue(*, user: User, session: Session, scopes: Sequence[str]) -> str:
    """The same with fewer scopes, and good for as long as its session."""
    token = _token(user, session, scopes)
    token.set_exp(from_time=session.expires_at, lifetime=timedelta())
    return PERSONAL_PREFIX + str(token)


def _scopes(user: User) -> list[str]:
    if user.state == UserState.DELETING:
        return list(DEPARTING_SCOPES)
    return [*SESSION_SCOPES, *(["admin"] if user.role == Role.ADMIN else [])]


def _token(user: User, session: Session, scopes: Sequence[str]) -> AccessToken:
    token = AccessToken()
    token["sub"] = str(user.pk)
    token["sid"] = str(session.pk)
    token["epoch"] = user.token_epoch
    token["role"] = user.role
    token["verified"] = user.is_verified
    token["scopes"] = list(scopes)
    token["many"] = user.following_count > FOLLOWS_MANY
    return token


def access_token_read(raw: str) -> AccessClaims:
    """Check signature, type, times, audience and issuer, and read the claims.

    Raises UnauthenticatedError `token_expired` for anything that is not a valid access token.
    """
    try:
        token = AccessToken(raw.removeprefix(PERSONAL_PREFIX))  # type: ignore[arg-type]
        return _claims(token.payload, is_personal=raw.startswith(PERSONAL_PREFIX))
    except (TokenError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise token_expired() from error


def _claims(payload: dict[str, Any], *, is_personal: bool) -> AccessClaims:
    viewer = Viewer(
        id=id_of(payload["sub"]),
        session_id=id_of(payload["sid"]),
        scopes=frozenset(map(str, payload["scopes"])),
        role=cast("ViewerRole", Role(payload["role"]).value),
        is_verified=payload["verified"] is True,
        # Tokens of an older release lack it.
        follows_many=payload.get("many") is True,
    )
    return AccessClaims(viewer, int(payload["epoch"]), int(payload["exp"]), is_personal)


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
