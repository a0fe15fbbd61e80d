"""Conditional requests (RFC 9110, section 13): who has an answer already is not sent it again."""

import re
from hashlib import sha1
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

# The end and the signature of a picture's address, which change with every window of 5 minutes.
_SIGNATURE: Final = re.compile(rb"\?e=[0-9]+&s=[A-Za-z0-9_-]+")


def etag_of(body: bytes) -> str:
    """A weak tag: two bodies that differ only in the signatures of addresses have the same one."""
    stable = _SIGNATURE.sub(b"", body) if b"?e=" in body else body
    # No secret hangs on it, and it is the one that processors have an instruction for.
    return f'W/"{sha1(stable, usedforsecurity=False).hexdigest()}"'


def with_etag(request: HttpRequest, answer: HttpResponse) -> HttpResponseBase:
    """The answer with its tag, or 304 without a body if `If-None-Match` has the tag."""
    answer.headers["ETag"] = tag = etag_of(answer.content)
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return answer
    return get_conditional_response(request, etag=tag, response=answer) or answer
