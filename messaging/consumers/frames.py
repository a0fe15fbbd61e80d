"""Frames from clients, read strictly: each becomes a command, or an error with a stable code."""

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from core.errors import ApplicationError, BadInputError
from core.ids import LARGEST_ID, id_of
from messaging.constants import COMMAND_ID_MAX

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_COMMAND_ID = re.compile(rb'"id"\s*:\s*"([\x20\x21\x23-\x5b\x5d-\x7e]{1,64})"')


class BadFrameError(ApplicationError):
    """Not a command at all. `answers` is the command's id, as far as one can be found."""

    code = "bad_frame"
    detail = "A frame is a JSON object with a type t, an id, and an object d."

    def __init__(self, answers: str | None = None) -> None:
        super().__init__()
        self.answers = answers


class Command(NamedTuple):
    """`{"t": type, "id": id, "d": data}`; the id comes back in the answer."""

    type: str
    id: str
    data: Mapping[str, Any]


def read_command(frame: bytes) -> Command:
    """Parse one text frame. Raises BadFrameError."""
    try:
        found = orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        # Half an emoji, for one, is not valid JSON; its sender still waits for an answer.
        match = _COMMAND_ID.search(frame)
        raise BadFrameError(match[1].decode() if match else None) from error
    if not isinstance(found, dict):
        raise BadFrameError
    type_, command_id, data = found.get("t"), found.get("id"), found.get("d", {})
    if not isinstance(command_id, str) or not 0 < len(command_id) <= COMMAND_ID_MAX:
        raise BadFrameError
    if not isinstance(type_, str) or not isinstance(data, dict) or found.keys() - {"t", "id", "d"}:
        raise BadFrameError(command_id)
    return Command(type_, command_id, data)


class Fields:
    """The data of a command, taken field by field; `end` refuses what nobody took.

    Every method raises BadInputError that names the field: `required`, `invalid`, `unknown_field`.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._left = dict(data)

    def row_id(self, name: str) -> int:
        """An id of ours: a string of digits within 1..2**63 - 1."""
        value = self.text(name)
        try:
            return id_of(value)
        except ValueError as error:
            raise _wrong(name, "invalid", "is not an id") from error

    def row_ids(self, name: str, *, most: int) -> list[int]:
        """A list of up to so many ids, each once in the answer."""
        values = self._left.pop(name, None)
        if values is None:
            raise _wrong(name, "required", "is missing")
        if not isinstance(values, list) or len(values) > most:
            raise _wrong(name, "invalid", f"is not a list of up to {most} ids")
        return list(dict.fromkeys(Fields({name: value}).row_id(name) for value in values))

    def choice(self, name: str, choices: Collection[str]) -> str:
        """One of these words."""
        value = self.text(name)
        if value not in choices:
            raise _wrong(name, "invalid", f"is none of {', '.join(choices)}")
        return value

    def number(self, name: str) -> int:
        """A whole number within 0..2**63 - 1."""
        value = self.number_or_none(name)
        if value is None:
            raise _wrong(name, "required", "is missing")
        return value

    def number_or_none(self, name: str) -> int | None:
        """The same, or None where it is absent or null."""
        value = self._left.pop(name, None)
        if value is not None and (type(value) is not int or not 0 <= value <= LARGEST_ID):
            raise _wrong(name, "invalid", "is not a whole number")
        return value

    def uuid(self, name: str) -> UUID:
        """A UUID in its usual form with hyphens."""
        value = self.text(name)
        if not _UUID.fullmatch(value):
            raise _wrong(name, "invalid", "is not a UUID")
        return UUID(value)

    def text(self, name: str, default: str | None = None) -> str:
        """A string; with a default it may be absent or null."""
        value = self._left.pop(name, None)
        if value is None:
            value = default
        if value is None:
            raise _wrong(name, "required", "is missing")
        if not isinstance(value, str):
            raise _wrong(name, "invalid", "is not a string")
        return value

    def anything(self, name: str) -> Any:
        """Whatever it is, or None."""
        return self._left.pop(name, None)

    def end(self) -> None:
        """Nothing else may be there."""
        for name in sorted(self._left):
            raise _wrong(name[:COMMAND_ID_MAX], "unknown_field", "is not known here")


def _wrong(name: str, code: str, what: str) -> BadInputError:
    return BadInputError.of_field(name, code, f"{name} {what}.")
