"""Pages by keyset: a signed cursor holds the last row's sort values, so no page is ever skewed."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import orjson
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from core.api.serializers import StrictSerializer, validated_query
from core.errors import BadInputError
from core.signing import is_signed, sign

DEFAULT_LIMIT, MAX_LIMIT = 20, 50
Key = tuple[Any, ...]
Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


class PageQuery(StrictSerializer):
    """`?cursor=&limit=`; a list with filters of its own subclasses it."""

    cursor = serializers.CharField(required=False, max_length=500)
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT
    )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: at most `limit` rows past `position`, or before it if backward."""

    limit: int
    position: Key | None
    is_backward: bool
    name: str
    base_url: str
    query: dict[str, Any]

    def finish(
        self,
        rows: Sequence[Row],
        *,
        key: Callable[[Row], Key],
        shape: Callable[[list[Row]], list[Any]] = list,
    ) -> dict[str, Any]:
        """The answer for `limit + 1` rows as they were read (in reading direction)."""
        has_more = len(rows) > self.limit
        page = list(rows[: self.limit])
        if self.is_backward:
            page.reverse()
        further, back = has_more, self.position is not None
        if self.is_backward:
            further, back = True, has_more
        return {
            "results": shape(page),
            "next": self._url(key(page[-1]), "n") if page and further else None,
            "previous": self._url(key(page[0]), "p") if page and back else None,
        }

    def _url(self, position: Key, direction: str) -> str:
        cursor = encode_cursor(self.name, direction, position)
        extra = {k: v for k, v in self.query.items() if k != "cursor"}
        query = "&".join(f"{k}={v}" for k, v in {**extra, "cursor": cursor}.items())
        return f"{self.base_url}?{query}"


def page_request(
    request: Request, *, name: str, form: type[PageQuery] = PageQuery
) -> tuple[PageRequest, dict[str, Any]]:
    """Read cursor and limit; also returns the form's further values.

    `name` binds the cursor to one list and must differ for each order. Raises BadInputError
    `bad_cursor` for a cursor that was not made for this list.
    """
    # Most first pages come without a query, which would be taken apart all the same.
    given = request.query_params if request.META.get("QUERY_STRING") else {}
    values = validated_query(form, request) if given else dict(_plain(form))
    limit, cursor = values.pop("limit"), values.pop("cursor", None)
    direction, position = decode_cursor(name, cursor) if cursor else ("n", None)
    query = {name: given[name] for name in _names(form) if name in given} if given else {}
    page = PageRequest(limit, position, direction == "p", name, request.path, query)
    return page, values


@cache
def _plain(form: type[PageQuery]) -> dict[str, Any]:
    """What a form gives for a request without query parameters, as most first pages are."""
    empty = form(data={})
    empty.is_valid(raise_exception=True)
    return dict(empty.validated_data)


@cache
def _names(form: type[PageQuery]) -> tuple[str, ...]:
    return tuple(map(str, form().fields))


def keyset_page(
    queryset: QuerySet[M],
    page: PageRequest,
    *,
    order: Sequence[str],
    shape: Callable[[list[M]], list[Any]] = list,
) -> dict[str, Any]:
    """One page of a queryset ordered by two unique-making fields, as `("-created_at", "-id")`."""
    names = [field.lstrip("-") for field in order]
    descending = order[0].startswith("-")
    if page.position is not None:
        queryset = queryset.filter(_past(names, page.position, descending != page.is_backward))
    directions = [n if descending == page.is_backward else f"-{n}" for n in names]
    rows = list(queryset.order_by(*directions)[: page.limit + 1])
    return page.finish(rows, key=lambda row: _key_of(row, names), shape=shape)


def _key_of(row: Model, names: Sequence[str]) -> Key:
    values = []
    for name in names:
        value: Any = row
        for step in name.split("__"):
            value = getattr(value, step)
        values.append(value)
    return tuple(values)


def _past(names: Sequence[str], position: Key, going_down: bool) -> Q:  # noqa: FBT001
    """`(a, b) < (x, y)` in a form that uses the index on (a, b)."""
    if len(position) != len(names):
        raise _bad_cursor()
    step = "lt" if going_down else "gt"
    first, *rest = names
    if not rest:
        return Q(**{f"{first}__{step}": position[0]})
    (second,) = rest
    return Q(**{f"{first}__{step}e": position[0]}) & (
        Q(**{f"{first}__{step}": position[0]}) | Q(**{f"{second}__{step}": position[1]})
    )


def encode_cursor(name: str, direction: str, position: Key) -> str:
    """`base64url(json).signature`; times keep their microseconds."""
    values = [["t", v.isoformat()] if isinstance(v, datetime) else v for v in position]
    body = base64.urlsafe_b64encode(orjson.dumps([direction, values])).rstrip(b"=").decode()
    return f"{body}.{sign(f'cursor.{name}', body)}"


def decode_cursor(name: str, cursor: str) -> tuple[str, Key]:
    """Direction and position. Raises BadInputError `bad_cursor` unless we made it for this list."""
    body, _, signature = cursor.partition(".")
    if not is_signed(f"cursor.{name}", body, signature):
        raise _bad_cursor()
    try:
        direction, values = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    return direction, tuple(
        datetime.fromisoformat(v[1]) if isinstance(v, list) else v for v in values
    )


def _bad_cursor() -> BadInputError:
    return BadInputError("This cursor is not one of this list.", code="bad_cursor")
