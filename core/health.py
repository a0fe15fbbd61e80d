"""Health routes, answered before host names are checked: a load balancer asks by address."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from core.http import GetResponse
from core.redis import sync_redis

#: How long an answer waits for a part; who asks, a balancer, has more patience.
PROBE_S = 1.0

_state = {"migrated": False, "draining": False}


def health_middleware(get_response: GetResponse) -> GetResponse:
    """Answer the routes of HEALTH_ROUTES; everything else goes on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        route = HEALTH_ROUTES.get(request.path_info)
        return route() if route else get_response(request)

    return middleware


def start_draining() -> None:
    """Say that this process is about to end: from now on is_draining() is true."""
    _state["draining"] = True


def is_draining() -> bool:
    """Whether nobody new shall come: the process ends, or DRAIN_FILE exists now.

    /readyz says 503 then, so that the load balancer sends nobody, and the gateway refuses sockets.
    """
    return _state["draining"] or bool(settings.DRAIN_FILE and Path(settings.DRAIN_FILE).exists())


def failing_parts() -> dict[str, str]:
    """The parts that do not answer, each with a word about why; empty when all is well."""
    failures = {name: probe.failure() for name, probe in _PROBES.items()}
    return {name: failure for name, failure in failures.items() if failure}


def _alive() -> HttpResponse:
    return _answer({"status": "ok"}, 200)


def _ready() -> HttpResponse:
    """503 while draining or migrations are missing; an outage that all hosts share is only told."""
    if is_draining():
        return _answer({"status": "draining"}, 503)
    failing = failing_parts()
    if "database" not in failing and not _is_migrated():
        return _answer({"status": "migrations_missing"}, 503)
    return _answer({"status": "degraded" if failing else "ok", "failing": sorted(failing)}, 200)


def _deep() -> HttpResponse:
    failing = failing_parts()
    return _answer(
        {"status": "failing" if failing else "ok", "failing": failing}, 503 if failing else 200
    )


def _is_migrated() -> bool:
    """Asked until it is true once: migrations only ever go forward under a running server."""
    if not _state["migrated"]:
        executor = MigrationExecutor(connection)
        _state["migrated"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _state["migrated"]


class _Probe:
    """Asks one part in a thread of its own: an answer waits PROBE_S, however long the part hangs."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask, self._lock = ask, threading.Lock()
        self._asking: Future[str] | None = None

    def failure(self) -> str:
        """Why the part does not answer, in one word; empty when it does."""
        with self._lock:
            if self._asking is None or self._asking.done():
                self._asking = Future()
                threading.Thread(target=self._find_out, args=(self._asking,), daemon=True).start()
            asking = self._asking
        try:
            return asking.result(PROBE_S)
        except TimeoutError:
            return "TimeoutError"

    def _find_out(self, asking: Future[str]) -> None:
        try:
            self._ask()
        except (DatabaseError, RedisError, OSError) as error:
            asking.set_result(type(error).__name__)
        except BaseException as error:  # noqa: BLE001  who waits shall have it
            asking.set_exception(error)
        else:
            asking.set_result("")


def _ask_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def _ask_redis() -> None:
    sync_redis().ping()


_PROBES = {"database": _Probe(_ask_database), "redis": _Probe(_ask_redis)}


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    response = HttpResponse(
        orjson.dumps(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
    # Django would log each 503 as an error; a host that drains is none, and is asked all the time.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response


HEALTH_ROUTES: dict[str, Callable[[], HttpResponse]] = {
    "/healthz": _alive,
    "/readyz": _ready,
    "/healthz/deep": _deep,
}
