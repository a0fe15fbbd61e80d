"""What a server of its own needs to work on the database of the test."""

import os

from django.conf import settings
from django.db import connection


def server_environ(process: str = "ws") -> dict[str, str]:
    """The environment of a process that shares database and Redis with the test."""
    database = connection.settings_dict
    user = ":".join(filter(None, [database["USER"], database["PASSWORD"]]))
    query = f"?host={database['HOST']}" if database["HOST"].startswith("/") else ""
    host = "" if query else f"{database['HOST']}:{database['PORT']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"postgresql://{user}@{host}/{database['NAME']}{query}",
        "REDIS_URL": ",".join(settings.REDIS_URLS),
        "JYOTI_PROCESS": process,
    }
