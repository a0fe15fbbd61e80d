"""Blocks: from the next request on the two do not exist for each other."""

from django.db import transaction

from accounts.constants import RelationKind
from accounts.events import UserBlocked, UserUnblocked
from accounts.models import Relation, User
from accounts.services.follows import follow_end
from accounts.services.presence import presence_stop
from accounts.services.relations import relation_end
from core.errors import RuleError
from core.events import publish


@transaction.atomic
def block_create(*, owner_id: int, target: User) -> None:
    """Block; follows, requests and close friendship end both ways. Again changes nothing.

    Raises RuleError `block_self`.
    """
    if owner_id == target.pk:
        raise RuleError("You cannot block yourself.", code="block_self")
    _, is_new = Relation.objects.get_or_create(
        owner_id=owner_id, target_id=target.pk, kind=RelationKind.BLOCK
    )
    if not is_new:
        return
    for follower_id, followee_id in ((owner_id, target.pk), (target.pk, owner_id)):
        follow_end(follower_id=follower_id, followee_id=followee_id)
        relation_end(owner_id=follower_id, target_id=followee_id, kind=RelationKind.CLOSE_FRIEND)
        presence_stop(watcher_id=follower_id, watched_id=followee_id)
    publish(UserBlocked(blocker_id=owner_id, blocked_id=target.pk))


@transaction.atomic
def block_end(*, owner_id: int, target_id: int) -> None:
    """Unblock; nothing that the block ended comes back. The second call changes nothing."""
    ended = Relation.objects.filter(owner_id=owner_id, target_id=target_id, kind=RelationKind.BLOCK)
    if ended.delete()[0]:
        publish(UserUnblocked(blocker_id=owner_id, blocked_id=target_id))
