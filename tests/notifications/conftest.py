"""Posts and comments to be told of, and what somebody was told."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from core.viewer import Viewer
from notifications.selectors import notification_rows, notification_shapes
from tests.comments.conftest import make_post, post, say

__all__ = ["make_post", "post", "say"]


@pytest.fixture
def told(run_jobs) -> Callable[[User], list[dict[str, Any]]]:
    """`told(person)`: their notifications as they see them, newest first, after all jobs ran."""

    def read(person: User) -> list[dict[str, Any]]:
        run_jobs()
        rows = notification_rows(
            viewer=Viewer(id=person.pk), type_=None, position=None, is_backward=False, limit=51
        )
        return notification_shapes(rows=rows)

    return read


@pytest.fixture
def texts(told) -> Callable[[User], list[str]]:
    """`texts(person)`: the sentences of these."""
    return lambda person: [row["text"] for row in told(person)]
