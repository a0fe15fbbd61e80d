"""Facts that somebody may be told of, and whether they hold at this moment."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.constants import RelationKind
from accounts.models import Follow, Relation, User
from comments.models import Comment, CommentLike
from core.viewer import Viewer
from notifications.constants import NotificationType
from notifications.models import Notification
from posts.constants import MENTIONS_MAX, PeopleTagState
from posts.models import Like, Mention, PeopleTag, Post
from posts.services import mentions_in


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


def facts_of_people(*, post_id: int) -> list[Fact]:
    """A post concerns those whom it names or shows, now or when they were told of it."""
    author_id = Post.objects.filter(pk=post_id).values_list("author_id", flat=True).first()
    if author_id is None:
        return []
    people = {
        NotificationType.MENTION: Mention.objects.filter(post=post_id),
        NotificationType.PEOPLE_TAG: PeopleTag.objects.filter(post=post_id),
    }
    return [
        Fact(type_, user_id, author_id, post_id=post_id)
        for type_, rows in people.items()
        for user_id in sorted({*rows.values_list("user_id", flat=True), *_told(type_, post_id)})
    ]


def facts_of_named(*, comment_id: int) -> list[Fact]:
    """A comment concerns those whom it names, now or when they were told of it.

    Whoever is told of it as the author of the post, or of what it answers, is not told twice.
    """
    comment = _comment(comment_id)
    if comment is None:
        return []
    told = Notification.objects.filter(
        type=NotificationType.COMMENT_MENTION, comment=comment_id
    ).values_list("recipient_id", flat=True)
    others = {comment.post.author_id, comment.parent.author_id if comment.parent else 0}
    return [
        _about(NotificationType.COMMENT_MENTION, comment, user_id, comment.author_id)
        for user_id in sorted({*_named_in(comment.body), *told} - others)
    ]


def _named_in(body: str) -> set[int]:
    """The people whom a text names: of the names that may be meant the likeliest that exists."""
    meant = mentions_in(body)[:MENTIONS_MAX]
    names = {name for some in meant for name in some}
    people = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
    found = (next((people[name] for name in some if name in people), None) for some in meant)
    return {user_id for user_id in found if user_id is not None}


def _told(type_: NotificationType, post_id: int) -> set[int]:
    told = Notification.objects.filter(type=type_, post=post_id)
    return set(told.values_list("recipient_id", flat=True))


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


def _post_names(fact: Fact, recipient: Viewer) -> bool:
    named = Mention.objects.filter(post=fact.post_id, user=fact.recipient_id)
    return named.exists() and _is_shown_to(fact, recipient)


def _post_shows(fact: Fact, recipient: Viewer) -> bool:
    tags = PeopleTag.objects.filter(post=fact.post_id, user=fact.recipient_id)
    shown = tags.exclude(state=PeopleTagState.REMOVED)
    return shown.exists() and _is_shown_to(fact, recipient)


def _is_shown_to(fact: Fact, recipient: Viewer) -> bool:
    """Whether they may see the post, and have not muted the posts of its author."""
    muted = Relation.objects.filter(
        Q(until__isnull=True) | Q(until__gt=timezone.now()),
        owner=fact.recipient_id,
        target=fact.actor_id,
        kind=RelationKind.MUTE,
        scopes__contains=["posts"],
    )
    visible = Post.objects.visible_to(recipient).filter(Q(pk=fact.post_id))
    return visible.exists() and not muted.exists()


def _comment_stands(fact: Fact, recipient: Viewer) -> bool:
    visible = Comment.objects.visible_to(recipient).standing()
    return visible.filter(Q(pk=fact.comment_id), author=fact.actor_id).exists()


def _comment_names(fact: Fact, recipient: Viewer) -> bool:
    visible = Comment.objects.visible_to(recipient).standing()
    comment = visible.filter(Q(pk=fact.comment_id), author=fact.actor_id).first()
    return comment is not None and fact.recipient_id in _named_in(comment.body)


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
    NotificationType.MENTION: _post_names,
    NotificationType.PEOPLE_TAG: _post_shows,
    NotificationType.COMMENT: _comment_stands,
    NotificationType.COMMENT_REPLY: _comment_stands,
    NotificationType.COMMENT_MENTION: _comment_names,
    NotificationType.COMMENT_LIKE: _comment_is_liked,
}
