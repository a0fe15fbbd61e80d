"""The services of local and test settings: those that are named, else the embedded ones."""

from dataclasses import dataclass
from typing import Any

from config.env import Env, database_settings
from core.embedded import ServiceKind, ensure_services


@dataclass(frozen=True, slots=True)
class Services:
    """Django's DATABASES and the Redis URLs."""

    databases: dict[str, Any]
    redis_urls: list[str]


def services_for(kind: ServiceKind, env: Env) -> Services:
    """Use DATABASE_URL and REDIS_URL where set; embedded services for what is unset."""
    urls = ensure_services(kind, database_url=env.database_url, redis_url=env.redis_url)
    return Services(
        databases={"default": database_settings(urls.database_url, env.jyoti_process)},
        redis_urls=[url.strip() for url in urls.redis_url.split(",")],
    )
