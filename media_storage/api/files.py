"""Serves the files of the local store; a CDN or nginx can do the same with no database."""

import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.views import View

from core.api.problems import problem_response
from core.errors import ApplicationError, ForbiddenError, NotFoundError
from media_storage.api.ranges import asked_range
from media_storage.backends.base import file_path
from media_storage.backends.local import LocalStorage
from media_storage.backends.patience import patience
from media_storage.backends.storage import media_storage
from media_storage.constants import TYPES
from media_storage.shapes.addresses import is_public_key, verdict

YEAR_S = 365 * 86_400
CHUNK = 1 << 16
# The picture is data, whoever opens it directly: no script, no frame, no guessing of its type.
SAFE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Disposition": "inline",
}


class MediaFileView(View):
    """One file. A public key needs nothing; any other a signature that has not ended."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str, name: str) -> HttpResponseBase:
        """The file or a part of it, 304 when the browser has it, or a problem."""
        try:
            caching = _caching(request, key)
            if _is_sent_by_nginx():
                return _hand_over(request, key, name, caching)
            file = _open(key, name)
        except ApplicationError as error:
            return problem_response(error)
        return _answer(request, file, name, caching)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """405 as a problem."""
        error = ApplicationError("Files can only be read.", code="method_not_allowed")
        error.status = 405
        response = problem_response(error)
        response["Allow"] = "GET, HEAD"
        return response


def _caching(request: HttpRequest, key: str) -> str:
    """Cache-Control for whoever may read the key. Raises NotFoundError or ForbiddenError."""
    if is_public_key(key):
        return f"public, max-age={YEAR_S}, immutable"
    end = request.GET.get("e", "")
    match verdict(key, end, request.GET.get("s", "")):
        case "wrong":
            raise NotFoundError
        case "expired":
            raise ForbiddenError("This address has expired.", code="address_expired")
        case "valid":
            return f"private, max-age={max(0, int(end) - int(time.time()))}, immutable"


def _answer(request: HttpRequest, file: File[Any], name: str, caching: str) -> HttpResponseBase:
    """Files under a key never change, so that a name is enough of a tag."""
    headers = _headers(name, caching)
    if _is_known(request, headers["ETag"]):
        file.close()
        return HttpResponseNotModified(headers=headers)
    headers |= {"Content-Type": _type_of(name), "Accept-Ranges": "bytes"}
    if request.method == "HEAD":
        headers["Content-Length"] = str(file.size)
        file.close()
        return HttpResponse(headers=headers)
    wanted = asked_range(request, headers["ETag"], file.size)
    if wanted is None:
        return FileResponse(file, headers=headers)
    return _part(file, wanted, headers)


def _part(file: File[Any], wanted: range, headers: dict[str, str]) -> HttpResponseBase:
    """206 with these bytes; 416 when the file has none of them."""
    if not wanted:
        headers["Content-Range"] = f"bytes */{file.size}"
        file.close()
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{file.size}"
    headers["Content-Length"] = str(len(wanted))
    return StreamingHttpResponse(
        _bytes_of(file, wanted), status=HTTPStatus.PARTIAL_CONTENT, headers=headers
    )


def _bytes_of(file: File[Any], wanted: range) -> Iterator[bytes]:
    with file:
        file.seek(wanted.start)
        left = len(wanted)
        while left and (part := file.read(min(left, CHUNK))):
            left -= len(part)
            yield part


def _is_sent_by_nginx() -> bool:
    return bool(settings.MEDIA_ACCEL) and isinstance(media_storage(), LocalStorage)


def _hand_over(request: HttpRequest, key: str, name: str, caching: str) -> HttpResponse:
    """Name the file to nginx, which sends it. Raises NotFoundError.

    nginx keeps type, disposition and caching of this answer; the other SAFE_HEADERS it adds itself.
    """
    path = file_path(key, name)
    if not media_storage().exists(path):
        raise NotFoundError
    headers = _headers(name, caching)
    if _is_known(request, headers["ETag"]):
        return HttpResponseNotModified(headers=headers)
    headers |= {"Content-Type": _type_of(name), "X-Accel-Redirect": settings.MEDIA_ACCEL + path}
    return HttpResponse(headers=headers)


def _headers(name: str, caching: str) -> dict[str, str]:
    return {**SAFE_HEADERS, "Cache-Control": caching, "ETag": f'"{name}"'}


def _type_of(name: str) -> str:
    return TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def _open(key: str, name: str) -> File[Any]:
    try:
        with patience():
            return media_storage().fetch(key, name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFoundError from error


def _is_known(request: HttpRequest, tag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return tag in known or f"W/{tag}" in known or known == ["*"]
