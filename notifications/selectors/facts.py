"""Facts that somebody may be told of, and whether they hold at this moment."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Follow, User
from comments.models import Comment, CommentLike
from core.viewer import Viewer
from notifications.constants import NotificationType
from posts.models import Like, Post


@dataclass(frozen=True, slots=True)
class Fact:
    """One person did one thing that concerns another; `post_id` and `comment_id` say what with."""

    type: NotificationType
    recipient_id: int
    actor_id: int
    post_id: int | None = None
    comment_id: int | None = None

    @property
    def group_key(self) -> str:
        """What stands together in one notification.

        Likes of one thing do, and follows; each comment and each request stands alone.
        """
        if self.type == NotificationType.FOLLOW_REQUEST:
            return f"{self.type}:{self.actor_id}"
        thing = self.comment_id or self.post_id
        return f"{self.type}:{thing}" if thing else self.type


def fact_holds(fact: Fact) -> bool:
    """Whether it is true now, and something that the recipient may see and wants to be told."""
    if fact.actor_id == fact.recipient_id:
        return False
    recipient = Viewer(id=fact.recipient_id)
    if not User.objects.visible_to(recipient).filter(pk=fact.actor_id).exists():
        return False
    return _HOLDS[fact.type](fact, recipient)


def fact_of_comment(*, comment_id: int) -> Fact | None:
    """A comment concerns the author of the post, unless it answers a comment of theirs."""
    comment = _comment(comment_id)
    if comment is None:
        return None
    recipient_id = comment.post.author_id
    if comment.parent is not None and comment.parent.author_id == recipient_id:
        return None
    return _about(NotificationType.COMMENT, comment, recipient_id, comment.author_id)


def fact_of_reply(*, comment_id: int) -> Fact | None:
    """A reply concerns the author of what it answers."""
    comment = _comment(comment_id)
    if comment is None or comment.parent is None:
        return None
    recipient_id = comment.parent.author_id
    return _about(NotificationType.COMMENT_REPLY, comment, recipient_id, comment.author_id)


def fact_of_comment_like(*, comment_id: int, actor_id: int) -> Fact | None:
    """A like of a comment concerns its author."""
    comment = _comment(comment_id)
    if comment is None:
        return None
    return _about(NotificationType.COMMENT_LIKE, comment, comment.author_id, actor_id)


def _comment(comment_id: int) -> Comment | None:
    return Comment.objects.select_related("post", "parent").filter(pk=comment_id).first()


def _about(type_: NotificationType, comment: Comment, recipient_id: int, actor_id: int) -> Fact:
    return Fact(
        type=type_,
        recipient_id=recipient_id,
        actor_id=actor_id,
        post_id=comment.post_id,
        comment_id=comment.pk,
    )


def _follow_is_active(fact: Fact, recipient: Viewer) -> bool:
    follows = Follow.objects.active()
    return follows.filter(follower=fact.actor_id, followee=fact.recipient_id).exists()


def _request_waits(fact: Fact, recipient: Viewer) -> bool:
    requests = Follow.objects.requested()
    return requests.filter(follower=fact.actor_id, followee=fact.recipient_id).exists()


def _request_was_accepted(fact: Fact, recipient: Viewer) -> bool:
    follows = Follow.objects.active()
    return follows.filter(follower=fact.recipient_id, followee=fact.actor_id).exists()


def _post_is_liked(fact: Fact, recipient: Viewer) -> bool:
    visible = Post.objects.visible_to(recipient)
    return Like.objects.filter(
        post__in=visible.filter(Q(pk=fact.post_id)), user=fact.actor_id
    ).exists()


def _comment_stands(fact: Fact, recipient: Viewer) -> bool:
    visible = Comment.objects.visible_to(recipient)
    return visible.filter(Q(pk=fact.comment_id), author=fact.actor_id).exists()


def _comment_is_liked(fact: Fact, recipient: Viewer) -> bool:
    visible = Comment.objects.visible_to(recipient)
    return CommentLike.objects.filter(
        comment__in=visible.filter(Q(pk=fact.comment_id)), user=fact.actor_id
    ).exists()


_HOLDS: dict[NotificationType, Callable[[Fact, Viewer], bool]] = {
    NotificationType.FOLLOW: _follow_is_active,
    NotificationType.FOLLOW_REQUEST: _request_waits,
    NotificationType.FOLLOW_ACCEPTED: _request_was_accepted,
    NotificationType.POST_LIKE: _post_is_liked,
    NotificationType.COMMENT: _comment_stands,
    NotificationType.COMMENT_REPLY: _comment_stands,
    NotificationType.COMMENT_LIKE: _comment_is_liked,
}
