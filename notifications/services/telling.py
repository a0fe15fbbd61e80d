"""Bring notifications into line with what is true now; right however often and in whatever order.

One lock for each group of one person makes that exact: the state is read under it, so a job that
comes late or twice finds nothing left to do.
"""

from contextlib import suppress

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import blocks_between
from comments.constants import CommentState
from core.errors import NotFoundError
from core.realtime import envelope, push_to_users
from core.viewer import Viewer
from notifications.models import Notification, NotificationActor
from notifications.selectors import (
    Fact,
    badges_of,
    fact_holds,
    notification_shape_for,
)
from posts.constants import PostState


@transaction.atomic
def notification_settle(*, fact: Fact) -> None:
    """Tell the recipient if the fact holds and they were not told, take it back if it does not."""
    _lock_group(fact.recipient_id, fact.group_key)
    if fact_holds(fact):
        _join(fact)
    else:
        _leave(fact.recipient_id, fact.group_key, fact.actor_id)


@transaction.atomic
def notification_recall(*, fact: Fact) -> None:
    """Take it back if the fact does not hold any more; never tell it."""
    _lock_group(fact.recipient_id, fact.group_key)
    if not fact_holds(fact):
        _leave(fact.recipient_id, fact.group_key, fact.actor_id)


def notifications_part(*, user_id: int, other_id: int) -> None:
    """Take the two out of each other's notifications, if a block stands between them."""
    if not blocks_between(user_id, other_id).exists():
        return
    for recipient_id, actor_id in ((user_id, other_id), (other_id, user_id)):
        groups = Notification.objects.filter(recipient=recipient_id, actors__actor=actor_id)
        for key in set(groups.values_list("group_key", flat=True)):
            with transaction.atomic():
                _lock_group(recipient_id, key)
                _leave(recipient_id, key, actor_id)


def notifications_of_comment_remove(*, comment_id: int) -> None:
    """Remove all that is about a comment and its thread, as far as these are gone."""
    thread = Q(comment=comment_id) | Q(comment__root=comment_id)
    _remove(thread & ~Q(comment__state=CommentState.VISIBLE))


def notifications_of_post_remove(*, post_id: int) -> None:
    """Remove all that is about a post, if it is gone."""
    _remove(Q(post=post_id, post__state=PostState.DELETED))


def _lock_group(recipient_id: int, group_key: str) -> None:
    """Wait for whoever else works on this group; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"notifications:{recipient_id}:{group_key}"],
        )


def _join(fact: Fact) -> None:
    """Add the actor to the open group, unless they are in an open or an older one already."""
    groups = Notification.objects.filter(recipient=fact.recipient_id, group_key=fact.group_key)
    if groups.filter(actors__actor=fact.actor_id).exists():
        return
    now = timezone.now()
    # The lock keeps "seen" from closing the group between this and the new row.
    group = groups.unseen().select_for_update().first()
    is_new = group is None
    if group is None:
        group = Notification.objects.create(
            recipient_id=fact.recipient_id,
            type=fact.type,
            group_key=fact.group_key,
            post_id=fact.post_id,
            comment_id=fact.comment_id,
            created_at=now,
            updated_at=now,
        )
    NotificationActor.objects.create(notification=group, actor_id=fact.actor_id)
    Notification.objects.filter(pk=group.pk).update(
        actors_count=F("actors_count") + 1, updated_at=now
    )
    _push("notification.created" if is_new else "notification.updated", group)


def _leave(recipient_id: int, group_key: str, actor_id: int) -> None:
    """Take the actor out of the group; a group without anybody goes."""
    row = (
        NotificationActor.objects.select_related("notification")
        .filter(
            actor=actor_id,
            notification__recipient=recipient_id,
            notification__group_key=group_key,
        )
        .first()
    )
    if row is None:
        return
    group = row.notification
    row.delete()
    Notification.objects.filter(pk=group.pk).update(actors_count=F("actors_count") - 1)
    if group.actors.exists():
        _push("notification.updated", group)
    else:
        group.delete()
        badges_push(user_id=recipient_id)


def _remove(gone: Q) -> None:
    with transaction.atomic():
        rows = Notification.objects.filter(gone)
        recipients = sorted(set(rows.values_list("recipient", flat=True)))
        rows.delete()
        for recipient_id in recipients:
            badges_push(user_id=recipient_id)


def _push(type_: str, group: Notification) -> None:
    """Show the group as it is now to its recipient's open sockets, and the numbers."""
    recipient_id = group.recipient_id
    with suppress(NotFoundError):
        shape = notification_shape_for(viewer=Viewer(id=recipient_id), notification_id=group.pk)
        push_to_users([recipient_id], envelope(type_, {**shape}))
    badges_push(user_id=recipient_id)


def badges_push(*, user_id: int) -> None:
    """Show the present numbers on all of the person's open sockets."""
    push_to_users([user_id], envelope("badges.updated", {**badges_of(user_id=user_id)}))
