"""The base of every API view: access, scope, limit, idempotence and errors are declared, not coded."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, cast

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from core.api.access import READS, Access, AccessPermission, AccessRule
from core.api.conditional import with_etag
from core.api.parsers import JsonParser
from core.api.problems import problem_handler
from core.api.renderers import OneRenderer, OrjsonRenderer, dump_json
from core.api.throttles import LimitThrottle
from core.idempotency import Answer, Attempt, run_once
from core.limits import Limit
from core.viewer import Viewer

_JSON = OrjsonRenderer()
# Answers hold personal data; only media and static files may be kept by anybody in between.
PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Authorization, Cookie"}


class ApiView(APIView):
    """A route. Subclasses declare `access` and, where they apply, `scope`, `limits`, `idempotent`."""

    access: ClassVar[AccessRule]
    #: The token scope that is needed; default: read for GET, write for the rest.
    scope: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Mapping[str, Limit]] = {}
    idempotent: ClassVar[frozenset[str]] = frozenset()
    parser_classes = [JsonParser]
    renderer_classes = [OrjsonRenderer]
    content_negotiation_class = OneRenderer
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return cast("Viewer", self.request.user)

    def access_for(self, method: str) -> Access:
        """The declared rule of one method; HEAD follows GET."""
        name = "GET" if method == "HEAD" else method
        return self.access if isinstance(self.access, Access) else self.access[name]

    def scope_for(self, method: str) -> str:
        """The scope that a token needs for one method."""
        return self.scope.get(method, "read" if method in READS else "write")

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None on public routes: credentials are ignored there, not checked."""
        # The schema generator looks at views without a request.
        method = getattr(self.request, "method", None) or "GET"
        if self._is_served(method) and self.access_for(method) is Access.PUBLIC:
            return []
        return [import_string(settings.API_AUTHENTICATION)()]

    def get_exception_handler(self) -> Callable[..., Response]:
        """Every error leaves as problem+json."""
        return problem_handler

    def get_permissions(self) -> list[BasePermission]:
        """One permission reads what the view declares."""
        return [AccessPermission()]

    def get_throttles(self) -> list[BaseThrottle]:
        """The limit declared for this method, if any."""
        limit = self.limits.get(self.request.method or "GET")
        return [LimitThrottle(limit)] if limit else []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """405 comes before 401: whether a method exists depends on nobody."""
        if not self._is_served(request.method or ""):
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF does, with idempotent creates."""
        self.request = request  # type: ignore[assignment]
        if request.method in self.idempotent:
            handler = getattr(self, (request.method or "").lower())
            setattr(self, (request.method or "").lower(), partial(self._once, handler))
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The slow part of an idempotent create, before its transaction; writes no row."""

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Nobody in between keeps an answer, unless the view said otherwise."""
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in PRIVATE.items():
            if name not in final.headers:
                final.headers[name] = value
        return final

    def _is_served(self, method: str) -> bool:
        name = "get" if method == "HEAD" else method.lower()
        return name in self.http_method_names and hasattr(self, name)

    def _once(
        self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        if not request.headers.get("Idempotency-Key"):
            self.prepare(request, *args, **kwargs)
            return handler(request, *args, **kwargs)
        attempt = Attempt(
            user_id=self.viewer.pk,
            method=request.method or "",
            path=request.path[:200],
            key=request.headers["Idempotency-Key"],
            fingerprint=_fingerprint(request),
        )

        def act() -> Answer:
            response = handler(request, *args, **kwargs)
            return Answer(response.status_code, orjson.loads(dump_json(response.data)))

        answer = run_once(attempt, act, prepare=partial(self.prepare, request, *args, **kwargs))
        return Response(answer.data, status=answer.status)


class LeanApiView(ApiView):
    """A hot GET: authenticators, permission, throttle and error handler run as declared.

    Content negotiation, parsers and Response rendering do not; `get` returns `json_response(...)`.
    """

    #: Whether an answer has an ETag, and is left out (304) for who has it already.
    etag: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Every other method takes the ordinary path."""
        if request.method != "GET":
            return super().dispatch(request, *args, **kwargs)
        self.args, self.kwargs, self.headers = args, kwargs, {}
        self.request = request  # type: ignore[assignment]
        lean = Request(
            request,
            authenticators=self.get_authenticators(),
            parser_context={"view": self, "request": request},
        )
        self.request = lean
        lean.accepted_renderer, lean.accepted_media_type = _JSON, _JSON.media_type
        try:
            self.perform_authentication(lean)
            self.check_permissions(lean)
            self.check_throttles(lean)
            answer: HttpResponse = self.get(lean, *args, **kwargs)  # type: ignore[attr-defined]
            if self.etag:
                return with_etag(request, answer)
        except Exception as exc:  # noqa: BLE001  handle_exception turns every kind into a problem
            self.headers = self.default_response_headers
            return self.finalize_response(lean, self.handle_exception(exc), *args, **kwargs)
        return answer


def json_response(
    data: Any, *, status: int = 200, headers: Mapping[str, str] = PRIVATE
) -> HttpResponse:
    """A JSON answer for a LeanApiView."""
    return HttpResponse(
        dump_json(data),
        status=status,
        content_type="application/json",
        headers=dict(headers),
    )


def _fingerprint(request: Request) -> str:
    """SHA-256 over the parsed fields, and over each file's SHA-256 instead of its bytes."""
    fields: dict[str, Any] = {}
    data = cast("Mapping[str, Any]", request.data)
    for name in data:
        value = data[name]
        if hasattr(value, "chunks"):
            digest = hashlib.sha256()
            for chunk in value.chunks():
                digest.update(chunk)
            value.seek(0)
            value = digest.hexdigest()
        fields[name] = value
    return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()
