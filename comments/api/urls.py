"""Routes of the comments app under /api/v1/."""

from typing import Any

urlpatterns: list[Any] = []
