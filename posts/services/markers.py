"""Where somebody was reading."""

from accounts.constants import Timeline
from accounts.models import Marker
from accounts.services import marker_set
from core.errors import RuleError
from posts.models import Post


def home_marker_set(*, user_id: int, post: Post) -> Marker:
    """Keep this post as the place in the home feed. Raises RuleError `not_published`."""
    if post.published_at is None:
        raise RuleError("Only what is published has a place in the feed.", code="not_published")
    return marker_set(
        user_id=user_id, timeline=Timeline.HOME, post_id=post.pk, at=post.published_at
    )
