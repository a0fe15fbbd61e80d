"""What moderators do with comments: hide them, show them again, or take them away for good."""

from django.db import transaction

from comments.constants import CommentState
from comments.models import Comment
from comments.services.threads import count_moved, tell_watchers, thread_lock, thread_of
from comments.services.writing import comment_delete, thread_remove


@transaction.atomic
def comment_hide(*, comment_id: int, is_hidden: bool) -> None:
    """Take a comment out of sight with its thread, or put it back; again changes nothing."""
    old, new = CommentState.VISIBLE, CommentState.HIDDEN
    if not is_hidden:
        old, new = new, old
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None:
        return
    thread_lock(comment)
    if not Comment.objects.filter(pk=comment.pk, state=old).exists():
        return
    moved = thread_of(comment).filter(state=old).update(state=new)
    count_moved(comment, -moved if is_hidden else moved)
    tell_watchers("comment.deleted" if is_hidden else "comment.created", comment)


@transaction.atomic
def comment_remove(*, comment_id: int) -> None:
    """Take it away for good, whatever its state; again changes nothing."""
    comment = Comment.objects.select_related("post").filter(pk=comment_id).first()
    if comment is None or comment.state == CommentState.DELETED:
        return
    if comment.state == CommentState.VISIBLE:
        comment_delete(actor_id=comment.author_id, comment=comment)
    else:
        thread_lock(comment)
        thread_remove(comment)
