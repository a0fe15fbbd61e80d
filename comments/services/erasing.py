"""What is left of deleted comments and of people whose account is erased: nothing."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from comments.constants import DELETED_KEPT_DAYS
from comments.models import Comment
from comments.services.threads import replies_count_add
from posts.services import post_comment_count_add

_TAKE_LIKES_BACK: Final = """
WITH gone AS (DELETE FROM comments_commentlike WHERE user_id = %s RETURNING comment_id)
UPDATE comments_comment SET likes_count = likes_count - 1
WHERE id IN (SELECT comment_id FROM gone)
"""


@transaction.atomic
def comments_purge(*, now: datetime, batch: int = 1_000) -> int:
    """Remove what was deleted long enough ago, at most `batch` at a time; return how many."""
    before = now - timedelta(days=DELETED_KEPT_DAYS)
    old = Comment.objects.filter(deleted_at__lt=before).order_by("deleted_at")
    ids = list(old.values_list("pk", flat=True)[:batch])
    Comment.objects.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def comments_erase(*, user_id: int) -> None:
    """Remove all comments and comment likes of a person, and count them off; again is fine.

    With a root its thread goes: the answers would stand for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_LIKES_BACK, [user_id])
    own = Comment.objects.filter(author=user_id)
    for comment in list(own.standing().filter(root__isnull=False).order_by("pk")):
        replies_count_add(comment.root_id or 0, -1)
        post_comment_count_add(post_id=comment.post_id, step=-1)
    for root in list(own.standing().filter(root__isnull=True).order_by("pk")):
        below = Comment.objects.standing().filter(root=root).exclude(author=user_id).count()
        post_comment_count_add(post_id=root.post_id, step=-1 - below)
    own.delete()
