"""Who may call a route: each view declares it, and a view that does not is refused at import."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.errors import ForbiddenError, UnauthenticatedError
from core.viewer import Viewer

if TYPE_CHECKING:
    from core.api.views import ApiView


class Access(StrEnum):
    """The letters of API.md section 3."""

    PUBLIC = "P"
    OPTIONAL = "O"
    USER = "U"
    VERIFIED = "V"
    MODERATOR = "M"
    ADMIN = "A"


AccessRule = Access | Mapping[str, Access]
READS = frozenset({"GET", "HEAD"})


class AccessPermission(BasePermission):
    """Holds a view's `access` and `scope` against the viewer."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True, or raises 401 `not_authenticated` or 403 with the reason as its code."""
        rule = cast("ApiView", view).access_for(request.method or "GET")
        if rule is Access.PUBLIC:
            return True
        viewer = cast("Viewer", request.user)
        if viewer.is_anonymous:
            if rule is Access.OPTIONAL:
                return True
            raise UnauthenticatedError
        self._check_scope(viewer, cast("ApiView", view).scope_for(request.method or "GET"))
        self._check_role(viewer, rule)
        return True

    def _check_scope(self, viewer: Viewer, scope: str) -> None:
        if scope not in viewer.scopes:
            raise ForbiddenError(f"This token lacks the scope {scope}.", code="missing_scope")

    def _check_role(self, viewer: Viewer, rule: Access) -> None:
        if rule is Access.VERIFIED and not viewer.is_verified:
            raise ForbiddenError("Verify your e-mail address first.", code="email_unverified")
        if rule is Access.ADMIN and viewer.role != "admin":
            raise ForbiddenError(code="not_admin")
        if rule is Access.MODERATOR and not viewer.is_staff:
            raise ForbiddenError(code="not_moderator")
