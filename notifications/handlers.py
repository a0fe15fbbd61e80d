"""What happens elsewhere becomes notifications; each handler only asks what is true now."""

from accounts.events import (
    FollowEnded,
    FollowRequestAccepted,
    FollowRequested,
    UserBlocked,
    UserFollowed,
)
from comments.events import (
    CommentCreated,
    CommentDeleted,
    CommentEdited,
    CommentLiked,
    CommentReplied,
    CommentUnliked,
)
from core.events import subscribe
from notifications.constants import NotificationType
from notifications.selectors import (
    Fact,
    fact_of_comment,
    fact_of_comment_like,
    fact_of_reply,
    facts_of_named,
    facts_of_people,
)
from notifications.services import (
    notification_recall,
    notification_settle,
    notifications_of_comment_remove,
    notifications_of_post_remove,
    notifications_part,
)
from posts.events import (
    PostDeleted,
    PostEdited,
    PostLiked,
    PostPublished,
    PostUnliked,
    PostUntagged,
)


@subscribe(UserFollowed, queue="live")
def on_user_followed(event: UserFollowed) -> None:
    """The person followed is told."""
    notification_settle(fact=_follow(event.followee_id, event.follower_id))


@subscribe(FollowRequested, queue="live")
def on_follow_requested(event: FollowRequested) -> None:
    """The person asked is told, and can accept or decline."""
    notification_settle(fact=_request(event.followee_id, event.follower_id))


@subscribe(FollowRequestAccepted, queue="live")
def on_follow_request_accepted(event: FollowRequestAccepted) -> None:
    """Whoever asked is told; the question itself is answered and goes."""
    notification_settle(fact=_accepted(event.follower_id, event.followee_id))
    notification_recall(fact=_request(event.followee_id, event.follower_id))


@subscribe(FollowEnded, queue="live")
def on_follow_ended(event: FollowEnded) -> None:
    """Nothing of the follow or the request is left to tell."""
    for fact in (
        _follow(event.followee_id, event.follower_id),
        _request(event.followee_id, event.follower_id),
        _accepted(event.follower_id, event.followee_id),
    ):
        notification_recall(fact=fact)


@subscribe(UserBlocked, queue="live")
def on_user_blocked(event: UserBlocked) -> None:
    """The two are gone from each other's notifications."""
    notifications_part(user_id=event.blocker_id, other_id=event.blocked_id)


@subscribe(PostLiked, queue="live")
def on_post_liked(event: PostLiked) -> None:
    """The author of the post is told."""
    notification_settle(fact=_post_like(event.author_id, event.actor_id, event.post_id))


@subscribe(PostUnliked, queue="live")
def on_post_unliked(event: PostUnliked) -> None:
    """The like is taken out of what was told."""
    notification_settle(fact=_post_like(event.author_id, event.actor_id, event.post_id))


@subscribe(PostPublished, queue="live")
def on_post_published(event: PostPublished) -> None:
    """Those whom the post names or shows are told."""
    _settle_people(event.post_id)


@subscribe(PostEdited, queue="live")
def on_post_edited(event: PostEdited) -> None:
    """Those whom it names or shows now are told; for the others it is taken back."""
    _settle_people(event.post_id)


@subscribe(PostUntagged, queue="live")
def on_post_untagged(event: PostUntagged) -> None:
    """It is taken back for whoever left the picture."""
    _settle_people(event.post_id)


@subscribe(PostDeleted, queue="bulk")
def on_post_deleted(event: PostDeleted) -> None:
    """Nothing about the post is left to tell."""
    notifications_of_post_remove(post_id=event.post_id)


@subscribe(CommentCreated, queue="live")
def on_comment_created(event: CommentCreated) -> None:
    """The author of the post is told, and whom it names."""
    _settle(fact_of_comment(comment_id=event.comment_id))
    _settle_named(event.comment_id)


@subscribe(CommentEdited, queue="live")
def on_comment_edited(event: CommentEdited) -> None:
    """Those whom it names now are told; for the others it is taken back."""
    _settle_named(event.comment_id)


@subscribe(CommentReplied, queue="live")
def on_comment_replied(event: CommentReplied) -> None:
    """The author of the comment that was answered is told."""
    _settle(fact_of_reply(comment_id=event.comment_id))


@subscribe(CommentDeleted, queue="live")
def on_comment_deleted(event: CommentDeleted) -> None:
    """Nothing about the comment or its thread is left to tell."""
    notifications_of_comment_remove(comment_id=event.comment_id)


@subscribe(CommentLiked, queue="live")
def on_comment_liked(event: CommentLiked) -> None:
    """The author of the comment is told."""
    _settle(fact_of_comment_like(comment_id=event.comment_id, actor_id=event.actor_id))


@subscribe(CommentUnliked, queue="live")
def on_comment_unliked(event: CommentUnliked) -> None:
    """The like is taken out of what was told."""
    _settle(fact_of_comment_like(comment_id=event.comment_id, actor_id=event.actor_id))


def _settle_people(post_id: int) -> None:
    for fact in facts_of_people(post_id=post_id):
        notification_settle(fact=fact)


def _settle_named(comment_id: int) -> None:
    for fact in facts_of_named(comment_id=comment_id):
        notification_settle(fact=fact)


def _settle(fact: Fact | None) -> None:
    if fact is not None:
        notification_settle(fact=fact)


def _follow(recipient_id: int, actor_id: int) -> Fact:
    return Fact(NotificationType.FOLLOW, recipient_id, actor_id)


def _request(recipient_id: int, actor_id: int) -> Fact:
    return Fact(NotificationType.FOLLOW_REQUEST, recipient_id, actor_id)


def _accepted(recipient_id: int, actor_id: int) -> Fact:
    return Fact(NotificationType.FOLLOW_ACCEPTED, recipient_id, actor_id)


def _post_like(recipient_id: int, actor_id: int, post_id: int) -> Fact:
    return Fact(NotificationType.POST_LIKE, recipient_id, actor_id, post_id=post_id)
