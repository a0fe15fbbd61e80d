"""Comments of accounts that are not shown at the moment neither stand nor count."""

from django.db import transaction
from django.db.models import Q

from accounts.models import SHOWN_STATES, User
from comments.constants import CommentState
from comments.models import Comment
from comments.services.threads import count_moved, tell_watchers, thread_lock, thread_of


def comments_follow_account(*, user_id: int) -> None:
    """Let what somebody wrote be away while their account is, and come back with it; again is fine.

    With a root its thread goes; what others wrote below comes back with it.
    """
    is_shown = User.objects.filter(pk=user_id, state__in=SHOWN_STATES).exists()
    old = CommentState.AWAY if is_shown else CommentState.VISIBLE
    move = _bring_back if is_shown else _take_away
    own = Comment.objects.filter(author=user_id, state=old).order_by("pk")
    for comment in list(own):
        with transaction.atomic():
            root = thread_lock(comment)
            if Comment.objects.filter(pk=comment.pk, state=old).exists():
                move(comment, root)


def _take_away(comment: Comment, root: Comment) -> None:
    moved = thread_of(comment).standing().update(state=CommentState.AWAY)
    count_moved(comment, -moved)
    tell_watchers("comment.deleted", comment)


def _bring_back(comment: Comment, root: Comment) -> None:
    if comment.root_id and root.state != CommentState.VISIBLE:
        return
    back = thread_of(comment).filter(
        Q(pk=comment.pk) | Q(author__state__in=SHOWN_STATES), state=CommentState.AWAY
    )
    count_moved(comment, back.update(state=CommentState.VISIBLE))
    tell_watchers("comment.created", comment)
