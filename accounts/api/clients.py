"""How a client keeps its refresh token: browsers in one strict cookie, native ones by themselves."""

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.constants import ClientKind
from accounts.services import Device, SignedIn
from core.errors import BadInputError, ForbiddenError, UnauthenticatedError
from core.http import client_address

COOKIE_PATH = "/api/v1/auth"


def cookie_name() -> str:
    """`__Secure-refresh_token` over HTTPS; locally the name carries the port, as cookies do not."""
    if settings.REFRESH_COOKIE_SECURE:
        return "__Secure-refresh_token"
    return f"refresh_token_{settings.ENV.port}"


def client_kind(request: Request) -> ClientKind:
    """Native if it says so. Raises BadInputError `browser_client` when a browser says so."""
    if request.headers.get("X-Client") != "native":
        return ClientKind.BROWSER
    is_browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    if is_browser or cookie_name() in request.COOKIES:
        raise BadInputError("A browser keeps its token in a cookie.", code="browser_client")
    return ClientKind.NATIVE


def device_of(request: Request) -> Device:
    """What a session remembers of the request."""
    return Device(
        client=client_kind(request),
        user_agent=request.headers.get("User-Agent", ""),
        address=client_address(request.META),
    )


def refresh_of(request: Request, given: str | None) -> str:
    """The refresh token of this request: a browser's cookie, with Origin checked, or the body's.

    Raises ForbiddenError `bad_origin`, UnauthenticatedError when there is none.
    """
    if client_kind(request) is ClientKind.NATIVE:
        token = given
    else:
        if request.headers.get("Origin") != settings.SITE_URL:
            raise ForbiddenError("This call comes from another site.", code="bad_origin")
        token = request.COOKIES.get(cookie_name())
    if not token:
        raise UnauthenticatedError("There is no session to go on with.", code="no_session")
    return token


def with_refresh(response: Response, signed_in: SignedIn) -> Response:
    """Hand the refresh token over: in the cookie, or in a native client's body, never both."""
    if signed_in.session.client == ClientKind.NATIVE:
        response.data["refresh"] = signed_in.refresh
        return response
    response.set_cookie(
        cookie_name(),
        signed_in.refresh,
        # The family ends 30 days after log-in, however often it rotates.
        max_age=signed_in.session.expires_at - timezone.now(),
        path=COOKIE_PATH,
        secure=settings.REFRESH_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def without_refresh(response: Response) -> Response:
    """Take the cookie away."""
    response.delete_cookie(cookie_name(), path=COOKIE_PATH, samesite="Strict")
    return response
