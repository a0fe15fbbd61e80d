"""The HTTP side of the client: JSON in and out, a session that renews itself."""

import asyncio
import http.client
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TIMEOUT_S: Final = 10.0
THREADS: Final = 8
#: Worth another try: the server or what is between is away for a moment.
TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
UNAUTHENTICATED: Final = 401


class ApiError(Exception):
    """No good answer. `status` is 0 when there was none at all."""

    def __init__(self, status: int, code: str, detail: str, retry_after: float | None) -> None:
        super().__init__(detail)
        self.status, self.code, self.retry_after = status, code, retry_after

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status == 0 or self.status in TRANSIENT


class Api:
    """One person's requests to one server; `url` is its address without a path."""

    def __init__(self, url: str, *, access: str = "", refresh: str = "") -> None:
        self.url = url.rstrip("/")
        self.access, self._refresh = access, refresh
        self._renewing = asyncio.Lock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="chat")

    async def log_in(
        self, login: str, password: str, *, code: Callable[[], Awaitable[str]] | None = None
    ) -> dict[str, Any]:
        """Sign in as a native client; `code` is asked for the second factor. Gives the person."""
        answer = await self._send("POST", "auth/login", {"login": login, "password": password})
        if answer.get("mfa_required"):
            if code is None:
                raise ApiError(401, "mfa_required", "A code is needed.", None)
            step = {"mfa_token": answer["mfa_token"], "code": await code()}
            answer = await self._send("POST", "auth/login/mfa", step)
        self.access, self._refresh = answer["access"], answer["refresh"]
        person: dict[str, Any] = answer["user"]
        return person

    async def log_out(self) -> None:
        """End the session."""
        await self._send("POST", "auth/logout", {"refresh": self._refresh})

    async def get(self, path: str, **query: object) -> Any:
        """The answer to GET. Raises ApiError."""
        return await self._call("GET", f"{path}?{urlencode(query)}" if query else path, None)

    async def post(self, path: str, **body: object) -> Any:
        """The answer to POST. Raises ApiError."""
        return await self._call("POST", path, body)

    async def put(self, path: str, **body: object) -> Any:
        """The answer to PUT. Raises ApiError."""
        return await self._call("PUT", path, body)

    async def ticket(self) -> str:
        """A ticket for one socket."""
        return str((await self.post("auth/ws-ticket"))["ticket"])

    def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _call(self, method: str, path: str, body: dict[str, object] | None) -> Any:
        used = self.access
        try:
            return await self._send(method, path, body)
        except ApiError as error:
            if error.status != UNAUTHENTICATED or not self._refresh:
                raise
        await self._renew(used)
        return await self._send(method, path, body)

    async def _renew(self, used: str) -> None:
        """A new access token, once for all who found the same one too old."""
        async with self._renewing:
            if self.access == used:
                answer = await self._send("POST", "auth/refresh", {"refresh": self._refresh})
                self.access, self._refresh = answer["access"], answer["refresh"]

    async def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"X-Client": "native", "User-Agent": "jyoti-chat"}
        if self.access:
            headers["Authorization"] = f"Bearer {self.access}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        # The address is the caller's own choice.
        request = Request(f"{self.url}/api/v1/{path}", data, headers, method=method)  # noqa: S310
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(self._threads, _exchange, request)
        return json.loads(content) if content else None


def _exchange(request: Request) -> bytes:
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            content: bytes = answer.read()
            return content
    except HTTPError as error:
        raise _told(error) from error
    except (OSError, http.client.HTTPException) as error:
        raise ApiError(0, "unreachable", str(error), None) from error


def _told(error: HTTPError) -> ApiError:
    """What the problem document says; something between us and the server may have none."""
    try:
        problem = json.loads(error.read())
        code, detail = str(problem["code"]), str(problem.get("detail", ""))
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        code, detail = "http", str(error)
    after = error.headers.get("Retry-After", "")
    return ApiError(error.code, code, detail, float(after) if after.isdigit() else None)
