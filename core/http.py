"""Around every request: its id, the client's address, and middleware that only the admin needs."""

import ipaddress
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from core.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
IPV4, HOST_BITS = 4, 64


def request_id_middleware(get_response: GetResponse) -> GetResponse:
    """Give each request an id (a trusted proxy's own is kept) and send it back as X-Request-Id."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        token = request_id.set(given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex)
        try:
            response = get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)

    return middleware


def client_address(meta: dict[str, Any], *, trusted_proxies: int | None = None) -> str:
    """The client's address: the entry that our own outermost proxy wrote into X-Forwarded-For.

    What a client itself sends stands further left and is never read. An entry that is no address
    gives the address of the connection.
    """
    proxies = settings.TRUSTED_PROXIES if trusted_proxies is None else trusted_proxies
    peer = str(meta.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104  not a bind address
    if proxies < 1:
        return peer
    hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if len(hops) < proxies:
        return peer
    try:
        address = ipaddress.ip_address(hops[-proxies])
    except ValueError:
        return peer
    return str(getattr(address, "ipv4_mapped", None) or address)


def limit_subject(address: str) -> str:
    """What limits count by: an IPv4 address, or the /64 that a host of IPv6 has to itself."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return address
    if given.version == IPV4:
        return str(given)
    return str(ipaddress.ip_network((given, HOST_BITS), strict=False))


def only_under(prefix: str, middleware: type[MiddlewareMixin]) -> type[MiddlewareMixin]:
    """The same middleware, but paths that do not start with `prefix` pass it by untouched."""

    def call(self: Any, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(prefix):
            passed: HttpResponseBase = self.get_response(request)
            return passed
        return middleware.__call__(self, request)  # type: ignore[return-value]

    def process_view(self: Any, request: HttpRequest, *args: Any) -> Any:
        inner = getattr(middleware, "process_view", None)
        if inner is None or not request.path_info.startswith(prefix):
            return None
        return inner(self, request, *args)

    name = f"{middleware.__name__}Under{prefix.strip('/').title()}"
    # async_capable is off: Django adapts once, instead of asking each wrapped middleware.
    members = {"__call__": call, "process_view": process_view, "async_capable": False}
    return type(name, (middleware,), members)
