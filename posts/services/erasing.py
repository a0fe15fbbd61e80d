"""What is left of a person here when the account is erased: nothing."""

from typing import Final

from django.db import connection, transaction

from posts.models import Post, PostMedia

# What they gave to others goes, and is counted off.
_TAKE_BACK: Final = (
    """
    WITH gone AS (DELETE FROM posts_like WHERE user_id = %s RETURNING post_id)
    UPDATE posts_post SET likes_count = likes_count - 1 WHERE id IN (SELECT post_id FROM gone)
    """,
    """
    WITH gone AS (DELETE FROM posts_save WHERE user_id = %s RETURNING post_id)
    UPDATE posts_post SET saves_count = saves_count - 1 WHERE id IN (SELECT post_id FROM gone)
    """,
)


@transaction.atomic
def posts_erase(*, user_id: int) -> None:
    """Remove their posts with all that hangs on them, their likes and saves; again is fine.

    The pictures themselves are media's to erase.
    """
    with connection.cursor() as cursor:
        for statement in _TAKE_BACK:
            cursor.execute(statement, [user_id])
    own = Post.objects.filter(author=user_id)
    PostMedia.objects.filter(post__in=own).delete()
    own.delete()
