"""The built web client: its files by whitenoise, its page for every other path."""

import re
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from whitenoise import WhiteNoise

from media_storage.backends.storage import media_storage

# Vite writes name-<hash>.js; only these may be kept for ever.
HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
# A file that is missing below these prefixes, or that browsers and robots ask for, is 404.
# A dot alone says nothing: names of people have dots, and `/ada.lovelace` is a page.
CLIENT_PATHS = (
    r"^(?!(?:api|media|admin|static|ws|assets|icons|\.well-known)/)"
    r"(?!(?:(?:boot|sw)\.js|favicon\.(?:ico|svg)|robots\.txt|manifest\.webmanifest)$).*$"
)
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def with_static_files(application: Callable[..., Any]) -> WhiteNoise:
    """Serve the client's files at / and Django's at /static/; the rest goes to the application."""
    server = WhiteNoise(
        application,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=_is_hashed,
        add_headers_function=_add_headers,
    )
    if settings.CLIENT_DIST.is_dir():
        server.add_files(str(settings.CLIENT_DIST))
    if settings.STATIC_ROOT.is_dir():
        server.add_files(str(settings.STATIC_ROOT), prefix=settings.STATIC_URL)
    return server


def page_policy() -> str:
    """CONTENT_SECURITY_POLICY, and the hosts of a store of media that is not ours."""
    hosts = media_storage().hosts()
    own = settings.MEDIA_URL.removesuffix("/media/")
    shown = " ".join([*hosts.shown, *([own] if own else [])])
    policy = CONTENT_SECURITY_POLICY
    if hosts.sent:
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {' '.join(hosts.sent)}")
    if shown:
        for kind in ("img-src", "media-src"):
            policy = policy.replace(f"{kind} 'self'", f"{kind} 'self' {shown}")
    return policy


def page(request: HttpRequest) -> HttpResponse:
    """The client's page for any of its routes; where it is not built, a page that says how."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    index = settings.CLIENT_DIST / "index.html"
    response = (
        HttpResponse(index.read_bytes()) if index.is_file() else render(request, "not_built.html")
    )
    headers = {**SECURITY_HEADERS, "Content-Security-Policy": page_policy()}
    for name, value in {**headers, "Cache-Control": "no-cache"}.items():
        response.headers[name] = value
    return response


def _is_hashed(_path: str, url: str) -> bool:
    return HASHED.match(url) is not None


def _add_headers(headers: MutableMapping[str, str], _path: str, url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    if Path(url).suffix in (".html", ".json", ".webmanifest") or url in ("/boot.js", "/sw.js"):
        headers["Cache-Control"] = "no-cache"
