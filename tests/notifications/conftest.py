"""Posts and comments to be told of, and what somebody was told."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from core.viewer import Viewer
from notifications.selectors import notification_list, notification_shapes
from tests.comments.conftest import make_post, post, say

__all__ = ["make_post", "post", "say"]


@pytest.fixture
def told(run_jobs) -> Callable[[User], list[dict[str, Any]]]:
    """`told(person)`: their notifications as they see them, newest first, after all jobs ran."""

    def read(person: User) -> list[dict[str, Any]]:
        run_jobs()
        viewer = Viewer(id=person.pk)
        rows = notification_list(viewer=viewer).order_by("-updated_at", "-pk")
        return notification_shapes(viewer=viewer, rows=list(rows))

    return read


@pytest.fixture
def texts(told) -> Callable[[User], list[str]]:
    """`texts(person)`: the sentences of these."""
    return lambda person: [row["text"] for row in told(person)]
