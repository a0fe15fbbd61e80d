"""Likes of comments: the row and its counter are one statement, so twenty at once count right."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from comments.constants import CommentState
from comments.events import CommentLiked, CommentUnliked
from comments.models import Comment
from core.errors import RuleError
from core.events import publish
from core.sql import run_hot

# Each returns the new number, or no row if nothing changed.
_LIKE: Final = """
WITH added AS (
    INSERT INTO comments_commentlike (comment_id, user_id, created_at)
    SELECT id, %(actor)s::bigint, now() FROM comments_comment
    WHERE id = %(comment)s::bigint AND state = 'visible'
    ON CONFLICT DO NOTHING RETURNING comment_id
)
UPDATE comments_comment SET likes_count = likes_count + 1
WHERE id IN (SELECT comment_id FROM added) RETURNING likes_count AS count
"""
_UNLIKE: Final = """
WITH gone AS (
    DELETE FROM comments_commentlike
    WHERE comment_id = %(comment)s::bigint AND user_id = %(actor)s::bigint RETURNING comment_id
)
UPDATE comments_comment SET likes_count = likes_count - 1
WHERE id IN (SELECT comment_id FROM gone) RETURNING likes_count AS count
"""


@dataclass(frozen=True, slots=True)
class CommentLikeState:
    """How a like toggle left things."""

    liked: bool
    likes_count: int


@transaction.atomic
def comment_like(*, actor_id: int, comment: Comment) -> CommentLikeState:
    """Like a comment; the second call changes nothing. Raises RuleError `comment_pending`."""
    if comment.state == CommentState.PENDING:
        raise pending()
    count = _toggle(_LIKE, actor_id, comment)
    if count is not None:
        publish(CommentLiked(comment_id=comment.pk, actor_id=actor_id))
    return _state(comment, count, liked=True)


@transaction.atomic
def comment_unlike(*, actor_id: int, comment: Comment) -> CommentLikeState:
    """Take a like back; the second call changes nothing."""
    count = _toggle(_UNLIKE, actor_id, comment)
    if count is not None:
        publish(CommentUnliked(comment_id=comment.pk, actor_id=actor_id))
    return _state(comment, count, liked=False)


def pending() -> RuleError:
    """The answer for whoever would build on a comment that waits."""
    return RuleError("This comment waits for the author of the post.", code="comment_pending")


def _toggle(statement: str, actor_id: int, comment: Comment) -> int | None:
    """The new number of likes, or None if nothing changed."""
    rows: list[dict[str, Any]] = run_hot(statement, {"comment": comment.pk, "actor": actor_id})
    return int(rows[0]["count"]) if rows else None


def _state(comment: Comment, count: int | None, *, liked: bool) -> CommentLikeState:
    return CommentLikeState(
        liked=liked, likes_count=comment.likes_count if count is None else count
    )
