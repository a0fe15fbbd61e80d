"""Which part of a file is asked for (RFC 9110 section 14): players of videos ask for many."""

import re
from typing import Final

from django.http import HttpRequest

# One range; whoever asks for several gets the whole file, as the RFC allows.
_ONE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def asked_range(request: HttpRequest, tag: str, size: int) -> range | None:
    """The bytes asked for, empty if the file has none of them; None when all are to be sent."""
    found = _ONE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    # A part is of use only to whoever has the rest of the same file.
    if found is None or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = found.groups()
    if first:
        end = min(int(last) + 1, size) if last else size
        return None if last and int(last) < int(first) else range(int(first), end)
    return range(max(0, size - int(last)), size) if last else None
