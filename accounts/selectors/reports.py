"""Reports as their reporter sees them, and people as moderators meet them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.models import Report, User
from core.viewer import Viewer


def my_reports(*, viewer: Viewer) -> QuerySet[Report]:
    """What the viewer reported."""
    return Report.objects.filter(reporter=viewer.pk)


def reported_user(viewer: Viewer, user_id: int) -> User | None:
    """A person whom the viewer can see."""
    return User.objects.visible_to(viewer).filter(pk=user_id).first()


def any_user(user_id: int) -> User | None:
    """A person, whatever their state."""
    return User.objects.filter(pk=user_id).first()


def user_snapshot(user: User) -> Mapping[str, Any]:
    """What their profile says now."""
    return {
        "username": user.username,
        "display_name": user.display_name,
        "bio": user.bio,
        "links": user.links,
        "avatar_key": user.avatar_key,
    }
