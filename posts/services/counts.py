"""Counters of posts that upper apps move."""

from django.db.models import F

from core.errors import NotFoundError
from posts.models import Post


def post_comment_count_add(*, post_id: int, step: int) -> None:
    """Move the number of comments, inside the transaction that wrote or removed them.

    Raises NotFoundError when comments are added to a post that is gone by now.
    """
    posts = Post.objects.published() if step > 0 else Post.objects.all()
    moved = posts.filter(pk=post_id).update(comments_count=F("comments_count") + step)
    if not moved and step > 0:
        raise NotFoundError
