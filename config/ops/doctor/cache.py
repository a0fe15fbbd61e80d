"""Redis or Valkey: each of REDIS_URL's list, by what INFO tells (CONFIG is closed on ElastiCache)."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from config.ops.doctor.clocks import compare
from config.ops.doctor.findings import Finding, fault, ok, warning
from core.redis import TIMEOUT_S

#: GETDEL, by which tickets are used once, came with it.
OLDEST: Final = (6, 2)
MOST_MEMORY_PERCENT: Final = 80
_LOCAL: Final = ("", "localhost", "127.0.0.1", "::1")


def examine_redis() -> Iterator[Finding]:
    """Every server of the list."""
    for url in settings.REDIS_URLS:
        # No retries: what does not answer now is what is to be told.
        client = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        with closing(client):
            yield from _examine_one(client, url)


def _examine_one(client: redis.Redis, url: str) -> Iterator[Finding]:
    try:
        info: dict[str, Any] = client.info()
        yield from _examine_server(info)
        yield from _examine_way(url)
        yield from _examine_memory(info)
        yield from _examine_clock(client)
    except (RedisError, OSError) as error:
        where = urlsplit(url)._replace(query="").geturl().rpartition("@")[2]
        yield fault("redis", f"{where}: {error}", _mend(error))


def _examine_server(info: dict[str, Any]) -> Iterator[Finding]:
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version") or info["redis_version"])
    found = f"{name} {version} answers"
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        yield fault("redis", found, "Jyoti needs Redis 6.2 or any Valkey: upgrade the server.")
    elif info.get("cluster_enabled"):
        yield fault(
            "redis",
            f"{found} in cluster mode",
            "Use servers with cluster mode off; several of them go by commas into REDIS_URL.",
        )
    else:
        yield ok("redis", found)


def _examine_way(url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    if parts.scheme == "redis" and (parts.hostname or "") not in _LOCAL:
        yield warning(
            "redis", "the connection is not encrypted", "Use rediss:// where the server offers TLS."
        )


def _examine_memory(info: dict[str, Any]) -> Iterator[Finding]:
    policy = info.get("maxmemory_policy")
    if policy != "noeviction":
        yield fault(
            "redis",
            f"maxmemory-policy is {policy}: tickets, limits and presence could be thrown out",
            "Set maxmemory-policy noeviction (on AWS in the parameter group).",
        )
    if evicted := info.get("evicted_keys"):
        yield warning(
            "redis",
            f"{evicted} keys were thrown out since its start",
            "Give it more memory; with noeviction this number stays.",
        )
    yield _memory(info["used_memory"], info.get("maxmemory", 0))


def _memory(used: int, most: int) -> Finding:
    found = f"{used / 1e6:.1f} MB in use"
    if not most:
        return warning(
            "redis", f"{found}, without a limit", "Set maxmemory, so that the machine survives it."
        )
    found += f" of {most / 1e6:.0f}"
    if used * 100 > most * MOST_MEMORY_PERCENT:
        return warning("redis", found, "Raise maxmemory: when it is full, nobody can sign in.")
    return ok("redis", found)


def _examine_clock(client: redis.Redis) -> Iterator[Finding]:
    before = datetime.now(UTC)
    seconds, micros = client.time()
    after = datetime.now(UTC)
    theirs = datetime.fromtimestamp(seconds + micros / 1e6, UTC)
    yield from compare("Redis server", theirs, before, after)


def _mend(error: Exception) -> str:
    if "AUTH" in str(error) or "password" in str(error).lower() or "WRONGPASS" in str(error):
        return "The password is another one: systemctl start jyoti-secrets, or correct REDIS_URL."
    return "Is the server up, is its port open to this machine, and is REDIS_URL right?"
