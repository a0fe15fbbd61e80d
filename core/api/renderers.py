"""JSON out, by orjson; the one representation that the API has."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dump_json(data: Any) -> bytes:
    """UTF-8 JSON; times as RFC 3339 with Z."""
    return orjson.dumps(data, default=_plain, option=OPTIONS)


def _plain(value: Any) -> Any:
    """DRF's lazy strings and ReturnLists are subclasses that orjson does not take."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return str(value)


class OrjsonRenderer(BaseRenderer):
    """application/json."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """An answer without data has no body."""
        return b"" if data is None else dump_json(data)


class OneRenderer(BaseContentNegotiation):
    """There is one representation, so Accept changes nothing and 406 never happens."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> Any:
        """The first parser of the view that takes the request's content type."""
        content_type = request.content_type.split(";")[0].strip().lower()
        return next((p for p in parsers if p.media_type in (content_type, "*/*")), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        """The view's only renderer."""
        return renderers[0], renderers[0].media_type
