"""PostgreSQL connections that outlive a change of password; the ENGINE of settings.DATABASES."""

from core.database.logins import AsyncRotatingConnection, RotatingConnection

__all__ = ["AsyncRotatingConnection", "RotatingConnection"]
