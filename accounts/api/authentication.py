"""The authenticator: a Bearer token becomes a Viewer, with one trip to Redis and no query."""

from dataclasses import dataclass
from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.selectors import session_check
from accounts.services import AccessClaims, access_token_read, personal_token_used, token_expired
from core.api.views import ApiView
from core.limits import Taken
from core.viewer import Viewer

BEARER_PARTS = 2


@dataclass(frozen=True, slots=True)
class Auth:
    """What is known beside the viewer: the token's claims, and what its limit said."""

    claims: AccessClaims
    taken: Taken | None


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access>`."""

    def authenticate(self, request: Request) -> tuple[Viewer, Auth] | None:
        """None without the header; raises UnauthenticatedError `token_expired` for a bad token."""
        # DRF's own way to the header goes through a dictionary of all headers, made for each request.
        parts = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not parts:
            return None
        if len(parts) != BEARER_PARTS or parts[0].lower() != "bearer":
            raise token_expired()
        claims = access_token_read(parts[1])
        view = cast("ApiView", request.parser_context["view"])
        check = session_check(
            user_id=claims.viewer.pk,
            session_id=claims.viewer.session_id or 0,
            epoch=claims.epoch,
            limit=view.limits.get(request.method or "GET"),
        )
        if not check.is_live:
            raise token_expired()
        if claims.is_personal:
            personal_token_used(session_id=claims.viewer.session_id or 0)
        return claims.viewer, Auth(claims, check.taken)

    def authenticate_header(self, request: Request) -> str:
        """So that DRF answers 401, not 403."""
        return "Bearer"
