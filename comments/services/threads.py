"""What several writes do with a thread: hold it still, count what stands, tell who watches."""

from django.db.models import F, Q

from comments.models import Comment, CommentQuerySet
from core.errors import NotFoundError
from core.realtime import envelope, push_to_topic
from posts.services import post_comment_count_add, post_counts_push


def thread_lock(comment: Comment) -> Comment:
    """The root as it is now; nobody adds to the thread or takes from it until the transaction ends.

    Raises NotFoundError if it is gone for good.
    """
    root_id = comment.root_id or comment.pk
    root = Comment.objects.select_for_update(no_key=True).filter(pk=root_id).first()
    if root is None:
        raise NotFoundError
    return root


def thread_of(comment: Comment) -> CommentQuerySet:
    """The comment and, if it is a root, all replies below it."""
    return Comment.objects.filter(Q(pk=comment.pk) | Q(root=comment.pk))


def count_in(comment: Comment) -> None:
    """Count a new comment. Raises NotFoundError if its root or its post fell meanwhile."""
    if comment.root_id:
        replies_count_add(comment.root_id, 1)
    post_comment_count_add(post_id=comment.post_id, step=1, is_new=True)


def count_moved(comment: Comment, step: int) -> None:
    """Count so many comments in or out that came or went with this one, whose thread is held."""
    if comment.root_id:
        replies_count_add(comment.root_id, step)
    else:
        replies_count_anew(comment)
    post_comment_count_add(post_id=comment.post_id, step=step)


def replies_count_add(root_id: int, step: int) -> None:
    """Move the number of replies. Raises NotFoundError unless the root stands."""
    root = Comment.objects.standing().filter(pk=root_id)
    if not root.update(replies_count=F("replies_count") + step):
        raise NotFoundError


def replies_count_anew(root: Comment) -> None:
    """Set the number of replies to what stands below a root that its caller holds."""
    number = Comment.objects.standing().filter(root=root.pk).count()
    Comment.objects.filter(pk=root.pk).update(replies_count=number)


def tell_watchers(type_: str, comment: Comment) -> None:
    """Push `comment.created` or `comment.deleted`, ids only, and the post's new counts."""
    root_id = None if comment.root_id is None else str(comment.root_id)
    ids = {"post_id": str(comment.post_id), "comment_id": str(comment.pk), "root_id": root_id}
    push_to_topic(f"post:{comment.post_id}", envelope(type_, ids))
    post_counts_push(post_id=comment.post_id)
