"""Follows and requests; the counters of both people change in the same transaction."""

from django.db import transaction
from django.db.models import F

from accounts.constants import FollowState
from accounts.events import (
    FollowEnded,
    FollowRequestAccepted,
    FollowRequested,
    UserFollowed,
)
from accounts.models import Follow, User
from accounts.services.presence import presence_stop
from core.errors import NotFoundError, RuleError
from core.events import publish


@transaction.atomic
def follow_create(*, follower_id: int, followee: User) -> FollowState:
    """Follow, or ask to if the account is private; the second call changes nothing.

    Raises RuleError `follow_self`.
    """
    if follower_id == followee.pk:
        raise RuleError("You cannot follow yourself.", code="follow_self")
    people = _lock(follower_id, followee.pk)
    is_private = people[followee.pk].is_private
    state = FollowState.REQUESTED if is_private else FollowState.ACTIVE
    follow, is_new = Follow.objects.get_or_create(
        follower_id=follower_id, followee_id=followee.pk, defaults={"state": state}
    )
    if is_new and state == FollowState.ACTIVE:
        _count(follower_id, followee.pk, 1)
        publish(UserFollowed(follower_id=follower_id, followee_id=followee.pk))
    elif is_new:
        publish(FollowRequested(follower_id=follower_id, followee_id=followee.pk))
    return FollowState(follow.state)


@transaction.atomic
def follow_end(*, follower_id: int, followee_id: int) -> None:
    """Unfollow or take a request back; the second call changes nothing."""
    _lock(follower_id, followee_id)
    follow = Follow.objects.filter(follower_id=follower_id, followee_id=followee_id).first()
    if follow is None:
        return
    follow.delete()
    if follow.state == FollowState.ACTIVE:
        _count(follower_id, followee_id, -1)
    presence_stop(watcher_id=followee_id, watched_id=follower_id)
    publish(FollowEnded(follower_id=follower_id, followee_id=followee_id))


@transaction.atomic
def follow_request_accept(*, followee_id: int, follower_id: int) -> None:
    """Let somebody follow. Raises NotFoundError if they do not ask (any more)."""
    _lock(follower_id, followee_id)
    changed = Follow.objects.requested().filter(follower_id=follower_id, followee_id=followee_id)
    if not changed.update(state=FollowState.ACTIVE):
        raise NotFoundError
    _count(follower_id, followee_id, 1)
    publish(FollowRequestAccepted(follower_id=follower_id, followee_id=followee_id))


@transaction.atomic
def follow_request_decline(*, followee_id: int, follower_id: int) -> None:
    """Refuse a request; they are not told. Raises NotFoundError if there is none."""
    requests = Follow.objects.requested().filter(follower_id=follower_id, followee_id=followee_id)
    deleted, _ = requests.delete()
    if not deleted:
        raise NotFoundError
    presence_stop(watcher_id=followee_id, watched_id=follower_id)
    publish(FollowEnded(follower_id=follower_id, followee_id=followee_id))


def follow_requests_accept_all(*, followee_id: int) -> None:
    """Accept everybody who waits; the account became public."""
    waiting = Follow.objects.requested().filter(followee_id=followee_id).order_by("follower_id")
    for follower_id in list(waiting.values_list("follower_id", flat=True)):
        follow_request_accept(followee_id=followee_id, follower_id=follower_id)


def _lock(one_id: int, other_id: int) -> dict[int, User]:
    """Both people, locked in the order of their ids, so that two follows never wait in a ring."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=(one_id, other_id))
    people = {user.pk: user for user in rows.order_by("pk")}
    if len(people) != len({one_id, other_id}):
        raise NotFoundError
    return people


def _count(follower_id: int, followee_id: int, step: int) -> None:
    User.objects.filter(pk=follower_id).update(following_count=F("following_count") + step)
    User.objects.filter(pk=followee_id).update(followers_count=F("followers_count") + step)
