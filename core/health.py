"""Health routes, answered before host names are checked: a load balancer asks by address."""

from collections.abc import Callable
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
    probes: dict[str, Callable[[], None]] = {"database": _probe_database, "redis": _probe_redis}
    failing: dict[str, str] = {}
    for name, probe in probes.items():
        try:
            probe()
        except (DatabaseError, RedisError, OSError) as error:
            failing[name] = type(error).__name__
    return failing


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


def _probe_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _probe_redis() -> None:
    sync_redis().ping()


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


HEALTH_ROUTES: dict[str, Callable[[], HttpResponse]] = {
    "/healthz": _alive,
    "/readyz": _ready,
    "/healthz/deep": _deep,
}
