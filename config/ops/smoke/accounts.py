"""The two smoke people: where their passwords come from, and what they say when signed in."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from config.ops.smoke.results import NotMeasuredError
from config.ops.smoke.web import Answer, Connection

VARIABLE: Final = "SMOKE_PEOPLE"
API: Final = "/api/v1/"
_NATIVE: Final = {"X-Client": "native", "Accept-Encoding": "gzip"}
_HOW: Final = (
    "On the server run `manage.py smoke_people` and give its line to smoke: as the variable "
    f"{VARIABLE} or as a file with --people."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password; shown nowhere."""

    username: str
    password: str


def read_credentials(file: Path | None) -> list[Credentials]:
    """Two people from the file, else from the variable. Raises NotMeasuredError for neither."""
    text = _read(file) if file else os.environ.get(VARIABLE, "")
    if not text:
        raise NotMeasuredError("No accounts were given.", _HOW)
    try:
        people = [Credentials(entry["username"], entry["password"]) for entry in json.loads(text)]
    except (ValueError, TypeError, KeyError) as error:
        raise NotMeasuredError("The accounts are not in the expected form.", _HOW) from error
    if len(people) != 2:  # noqa: PLR2004 - one writes, one reads
        raise NotMeasuredError(f"Two accounts are needed, {len(people)} were given.", _HOW)
    return people


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError as error:
        raise NotMeasuredError(f"{file}: {error.strerror}", _HOW) from error


class Person:
    """Somebody who is signed in as a native client, over one kept connection."""

    def __init__(self, connection: Connection, signed_in: dict[str, Any]) -> None:
        self._connection = connection
        self._access: str = signed_in["access"]
        self._refresh: str = signed_in["refresh"]
        self.id: str = signed_in["user"]["id"]

    @classmethod
    def sign_in(cls, origin: str, who: Credentials, timeout_s: float) -> Self:
        """Open a session. Raises NotMeasuredError."""
        connection = Connection(origin, timeout_s)
        body = {"login": who.username, "password": who.password}
        answer = _send(connection, "POST", "auth/login", _NATIVE, body)
        if answer.status == 401:  # noqa: PLR2004
            raise NotMeasuredError(f"{who.username} cannot sign in.", _HOW)
        signed_in = _checked("POST", "auth/login", answer)
        if "access" not in signed_in:
            raise NotMeasuredError(f"{who.username} is asked for a second factor.", _HOW)
        return cls(connection, signed_in)

    def get(self, path: str) -> Answer:
        """GET below /api/v1/. Raises NotMeasuredError for anything but 200."""
        answer = _send(self._connection, "GET", path, self._headers())
        _checked("GET", path, answer)
        return answer

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The decoded answer of a call with a JSON body. Raises NotMeasuredError for a refusal."""
        return _checked(method, path, _send(self._connection, method, path, self._headers(), body))

    def post_form(self, path: str, content_type: str, body: bytes) -> Any:
        """The decoded answer of a multipart upload. Raises NotMeasuredError for a refusal."""
        headers = {**self._headers(), "Content-Type": content_type}
        answer = self._connection.request("POST", API + path, headers=headers, body=body)
        return _checked("POST", path, answer)

    def sign_out(self) -> None:
        """End the session; where the site is away by now, it ends by itself in 30 days."""
        with suppress(NotMeasuredError):
            self.call("POST", "auth/logout", {"refresh": self._refresh})
        self._connection.close()

    def _headers(self) -> dict[str, str]:
        return {**_NATIVE, "Authorization": f"Bearer {self._access}"}


def _send(
    connection: Connection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: dict[str, Any] | None = None,
) -> Answer:
    if body is None:
        return connection.request(method, API + path, headers=headers)
    headers = {**headers, "Content-Type": "application/json"}
    return connection.request(method, API + path, headers=headers, body=json.dumps(body).encode())


def _checked(method: str, path: str, answer: Answer) -> Any:
    try:
        content = json.loads(answer.content() or b"null")
    except ValueError:
        content = None
    if 200 <= answer.status < 300:  # noqa: PLR2004
        return content
    problem = content if isinstance(content, dict) else {}
    said = f"{problem.get('code', 'no code')}: {problem.get('detail', 'no problem document')}"
    raise NotMeasuredError(
        f"{method} {API}{path} answered {answer.status} ({said})", _mend(answer, problem)
    )


def _mend(answer: Answer, problem: dict[str, Any]) -> str:
    if after := answer.headers.get("Retry-After"):
        return f"Try again in {after} s."
    if not problem:
        return "This is no answer of Jyoti's: look at the routes of what stands in front of it."
    return f"Look for request {answer.headers.get('X-Request-Id')} in the logs of jyoti-http."
