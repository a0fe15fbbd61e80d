"""What the author of a post keeps on top of its comments."""

from django.db import transaction

from comments.constants import PINNED_MAX, CommentState
from comments.models import Comment
from comments.services.likes import pending
from comments.services.threads import thread_lock
from core.errors import ForbiddenError, NotFoundError, RuleError
from posts.models import Post


@transaction.atomic
def comment_pin(*, actor_id: int, comment: Comment) -> None:
    """Keep a comment on top of its post; the second call changes nothing.

    Raises ForbiddenError `not_post_author`, RuleError `not_root`, `comment_pending` or
    `too_many_pinned`, NotFoundError if it is gone by now.
    """
    post_author_check(actor_id, comment)
    if comment.root_id is not None:
        raise RuleError("A reply cannot be pinned.", code="not_root")
    if thread_lock(comment).state == CommentState.PENDING:
        raise pending()
    # One pin of a post at a time, so that the number holds.
    Post.objects.select_for_update(no_key=True).get(pk=comment.post_id)
    others = Comment.objects.standing().filter(post=comment.post_id, pinned=True)
    if others.exclude(pk=comment.pk).count() >= PINNED_MAX:
        message = f"A post has at most {PINNED_MAX} pinned comments. Unpin another one first."
        raise RuleError(message, code="too_many_pinned")
    if not Comment.objects.standing().filter(pk=comment.pk).update(pinned=True):
        raise NotFoundError


def comment_unpin(*, actor_id: int, comment: Comment) -> None:
    """Put it back into its place; the second call changes nothing.

    Raises ForbiddenError `not_post_author`.
    """
    post_author_check(actor_id, comment)
    Comment.objects.filter(pk=comment.pk).update(pinned=False)


def post_author_check(actor_id: int, comment: Comment) -> None:
    """Raises ForbiddenError `not_post_author`."""
    if comment.post.author_id != actor_id:
        raise ForbiddenError("Only the author of the post may do this.", code="not_post_author")
