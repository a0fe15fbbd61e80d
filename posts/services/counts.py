"""Counters of posts that upper apps move, and how their watchers learn of it."""

from django.db.models import F

from core.errors import NotFoundError
from core.realtime import envelope, push_to_topic
from posts.models import Post


def post_comment_count_add(*, post_id: int, step: int, is_new: bool = False) -> None:
    """Move the number of comments, inside the transaction that wrote or removed them.

    Raises NotFoundError when new ones are written to a post that is gone by now.
    """
    posts = Post.objects.published() if is_new else Post.objects.all()
    moved = posts.filter(pk=post_id).update(comments_count=F("comments_count") + step)
    if not moved and is_new:
        raise NotFoundError


def post_counts_push(*, post_id: int) -> None:
    """Show the numbers of now to all who watch the post; a hidden number of likes is null."""
    post = Post.objects.only("likes_count", "hide_like_count", "comments_count").get(pk=post_id)
    counts = {
        "post_id": str(post_id),
        "likes_count": None if post.hide_like_count else post.likes_count,
        "comments_count": post.comments_count,
    }
    push_to_topic(f"post:{post_id}", envelope("post.counts", counts))
