"""What travels to a socket: one JSON text, made once however many people receive it."""

from datetime import UTC, datetime
from typing import Any, TypedDict

import orjson


class Envelope(TypedDict):
    """One frame from the server: its type, when it was made (RFC 3339 UTC), and its data."""

    t: str
    ts: str
    d: dict[str, Any]


def envelope(type_: str, data: dict[str, Any]) -> Envelope:
    """Build the frame `{"t", "ts", "d"}`; ids inside `data` are strings, as everywhere outside."""
    return {"t": type_, "ts": timestamp(datetime.now(UTC)), "d": data}


def encode(frame: object) -> str:
    """Return the JSON text of a frame; datetimes become RFC 3339 with `Z`."""
    return orjson.dumps(frame, option=orjson.OPT_UTC_Z).decode()


def timestamp(moment: datetime) -> str:
    """RFC 3339 UTC with milliseconds, as in `2026-01-31T08:15:30.125Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
