"""Routes of the messaging app under /api/v1/."""

from typing import Any

urlpatterns: list[Any] = []
