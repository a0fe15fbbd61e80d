"""The one JSON parser: bounded in bytes and depth, objects only."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser

from core.errors import BadInputError, PayloadTooLargeError


class JsonParser(BaseParser):
    """application/json of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes, whose top is an object.

    Raises BadInputError `malformed_json` or `not_an_object`, PayloadTooLargeError `too_large`.
    orjson refuses NaN, lone surrogates and nesting that would exhaust the stack.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Read and parse the body."""
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise PayloadTooLargeError("The body is larger than 1 MB.")
        return parse_object(raw)


def parse_object(raw: bytes | str) -> dict[str, Any]:
    """Parse JSON text whose top is an object; an empty text is an empty object."""
    if not raw:
        return {}
    try:
        data = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise BadInputError("The body is not valid JSON.", code="malformed_json") from error
    if not isinstance(data, dict):
        raise BadInputError("The body has to be a JSON object.", code="not_an_object")
    return data
