"""HTTP as a browser speaks it: kept connections, compressed answers, every wait bounded."""

import gzip
import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import SplitResult, urlsplit

from config.ops.smoke.results import NotMeasuredError

USER_AGENT: Final = "jyoti-smoke"
_LARGEST_BODY: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is as it came, compressed or not; `seconds` run from the request to the last byte."""

    status: int
    headers: Message
    body: bytes
    seconds: float

    def content(self) -> bytes:
        """The body without its compression, of which gzip alone may have been asked for."""
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(self.body) if is_packed else self.body


class Connection:
    """One kept connection to an origin. TLS certificates are checked; SSL_CERT_FILE adds a CA."""

    def __init__(self, origin: str, timeout_s: float) -> None:
        self.origin = urlsplit(origin)
        self._wire = _wire(self.origin, timeout_s)

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Ask, and read the whole answer. Raises NotMeasuredError when none comes.

        A GET whose connection the server closed meanwhile is asked again on a new one.
        """
        asked = {"User-Agent": USER_AGENT, **(headers or {})}
        is_kept = self._wire.sock is not None
        try:
            try:
                return self._ask(method, path, asked, body)
            except (ConnectionError, http.client.BadStatusLine):
                if not is_kept or method != "GET":
                    raise
                return self._ask(method, path, asked, body)
        except (OSError, http.client.HTTPException) as error:
            raise NotMeasuredError(
                f"{method} {self.origin.geturl()}{path}: {_reason(error)}", _mend(error)
            ) from error

    def close(self) -> None:
        """Leave."""
        self._wire.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        began = time.perf_counter()
        try:
            self._wire.request(method, path, body=body, headers=headers)
            response = self._wire.getresponse()
            content = response.read(_LARGEST_BODY)
        except BaseException:
            # What is left of a broken exchange must not be taken for the next answer.
            self._wire.close()
            raise
        seconds = time.perf_counter() - began
        return Answer(response.status, response.headers, content, seconds)


def origin_of(url: str) -> str:
    """`https://host[:port]` of a URL. Raises NotMeasuredError for what is no address of a site."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotMeasuredError(
            f"{url!r} is no address of a site.", "Give its address, as https://photos.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _wire(origin: SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    host = origin.hostname or ""
    if origin.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, origin.port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, origin.port, timeout=timeout_s)


def _reason(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or repr(error)


def _mend(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "The certificate is not valid for this name; a CA of your own goes to SSL_CERT_FILE."
    if isinstance(error, socket.gaierror):
        return "The name has no address: look at the DNS record and at what you typed."
    if isinstance(error, ConnectionRefusedError):
        return "Nothing listens there: look at the load balancer or nginx, and at jyoti-http."
    return "Look at the site's logs (journalctl -u jyoti-http) and at what stands in front of it."
