"""The kernel as a Django app: idempotency keys and housekeeping jobs."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Holds the rows that belong to no domain app."""

    name = "core"
