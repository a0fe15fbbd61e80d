"""Routes of the posts app under /api/v1/."""

from typing import Any

urlpatterns: list[Any] = []
