"""Every error as RFC 9457 problem+json, from the API's views and from Django itself."""

import logging
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from redis.exceptions import RedisError
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core import errors
from core.api.renderers import dump_json
from core.logs import request_id

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"


def problem_handler(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: the problem for any exception; what is unknown is logged and 500."""
    set_rollback()
    error = as_application_error(exc)
    if error is None:
        log.error("unhandled error", exc_info=exc)
        error = _internal()
    response = Response(problem(error), status=error.status, content_type=CONTENT_TYPE)
    for name, value in _headers(error).items():
        response.headers[name] = value
    return response


def problem_response(error: errors.ApplicationError) -> HttpResponse:
    """The same for code outside DRF."""
    return HttpResponse(
        dump_json(problem(error)),
        status=error.status,
        content_type=CONTENT_TYPE,
        headers=_headers(error),
    )


def problem(error: errors.ApplicationError) -> dict[str, Any]:
    """The problem's members; `instance` names this one request for whoever reads the logs."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "instance": f"urn:jyoti:request:{request_id.get()}",
        "errors": [_field(e) for e in error.errors],
    }


def as_application_error(exc: Exception) -> errors.ApplicationError | None:
    """Our own error for an exception of ours, Django's, DRF's or a part that is down; else None."""
    if isinstance(exc, errors.ApplicationError):
        return exc
    if isinstance(exc, drf.APIException):
        return _from_drf(exc)
    for kinds, make in _FOREIGN:
        if isinstance(exc, kinds):
            return make()
    return None


_FOREIGN: list[tuple[tuple[type[Exception], ...], Callable[[], errors.ApplicationError]]] = [
    ((Http404,), errors.NotFoundError),
    ((PermissionDenied,), errors.ForbiddenError),
    ((RequestDataTooBig, TooManyFilesSent), errors.PayloadTooLargeError),
    ((SuspiciousOperation,), errors.BadInputError),
    (
        (OperationalError, InterfaceError, RedisError),
        lambda: errors.UnavailableError(retry_after=2),
    ),
]


def _from_drf(exc: drf.APIException) -> errors.ApplicationError:
    error = errors.ApplicationError(_first_text(exc.detail), code=_first_code(exc))
    error.status = exc.status_code
    if isinstance(exc, drf.ValidationError):
        error.code, error.detail = "invalid", "Some of the fields are not valid."
        error.errors = tuple(_flatten(exc.get_full_details(), ""))
        if error.errors and {e.code for e in error.errors} == {"unknown_field"}:
            error.code = "unknown_field"
    if isinstance(exc, drf.Throttled):
        error.code, error.retry_after = "rate_limited", 1
    return error


def _flatten(details: Any, path: str) -> Iterator[errors.FieldError]:
    """DRF's tree of details as flat fields: `people_tags.0.x`."""
    if isinstance(details, Mapping) and {"message", "code"} <= details.keys():
        yield errors.FieldError(path, str(details["code"]), str(details["message"]))
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _flatten(inner, ".".join(filter(None, (path, step))))
    else:
        for index, inner in enumerate(details):
            is_leaf = isinstance(inner, Mapping) and {"message", "code"} <= inner.keys()
            yield from _flatten(inner, path if is_leaf else f"{path}.{index}")


def _first_text(detail: Any) -> str:
    while isinstance(detail, (dict, list)) and detail:
        detail = next(iter(detail.values())) if isinstance(detail, dict) else detail[0]
    return str(detail)


def _first_code(exc: drf.APIException) -> str:
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else exc.default_code


def _field(error: errors.FieldError) -> dict[str, Any]:
    shown = {"field": error.field, "code": error.code, "message": error.message}
    return shown if error.file is None else {**shown, "file": error.file}


def _headers(error: errors.ApplicationError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def _internal() -> errors.ApplicationError:
    error = errors.ApplicationError("Something went wrong on our side.", code="internal")
    error.status = 500
    return error


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400, as for an unknown host."""
    return problem_response(errors.BadInputError("The request makes no sense.", code="bad_request"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return problem_response(errors.ForbiddenError())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404: a route that does not exist."""
    return problem_response(errors.NotFoundError(code="no_such_route"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return problem_response(_internal())
