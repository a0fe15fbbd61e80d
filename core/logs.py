"""JSON logs: one line an event, with the request's id; never a secret, a body or a message text."""

import logging
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_SECRET_KEYS = frozenset(
    {"password", "token", "refresh", "access", "ticket", "authorization", "cookie", "body", "code"}
)


class RequestIdFilter(logging.Filter):
    """Adds the present request's id, and blanks fields whose name says that they are secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass."""
        record.request_id = request_id.get()
        # Django attaches the request itself, whose repr shows the path and query.
        record.__dict__.pop("request", None)
        for key in _SECRET_KEYS & record.__dict__.keys():
            setattr(record, key, "[hidden]")
        return True


class JobFailedFilter(logging.Filter):
    """Names the event when procrastinate gives a job up, so that an alarm can count it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass."""
        if record.name.startswith("procrastinate") and vars(record).get("action") == "job_error":
            record.event = "job_failed"
        return True


def logging_config(level: str) -> dict[str, Any]:
    """Django's LOGGING: JSON lines on standard error at `level`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": RequestIdFilter},
            "job_failed": {"()": JobFailedFilter},
        },
        "formatters": {
            "json": {
                "()": JsonFormatter,
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["request_id", "job_failed"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "procrastinate": {"level": "WARNING"},
        },
    }
