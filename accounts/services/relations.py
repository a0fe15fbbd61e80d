"""What one person sets about another, and the other never learns: mute, restrict, close friend."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from accounts.constants import RelationKind
from accounts.events import RestrictionChanged
from accounts.models import DismissedSuggestion, Relation, User
from accounts.services.follows import follow_end
from accounts.services.presence import presence_stop
from core.errors import NotFoundError, RuleError
from core.events import publish


@transaction.atomic
def relation_set(
    *,
    owner_id: int,
    target: User,
    kind: RelationKind,
    scopes: Sequence[str] = (),
    until: datetime | None = None,
) -> None:
    """Set it, or set it anew with other scopes or another end. Blocks have their own service.

    Raises RuleError `relation_self`.
    """
    if owner_id == target.pk:
        raise RuleError("This is yourself.", code="relation_self")
    Relation.objects.update_or_create(
        owner_id=owner_id,
        target_id=target.pk,
        kind=kind,
        defaults={"scopes": sorted(set(scopes)), "until": until},
    )
    if kind == RelationKind.RESTRICT:
        publish(RestrictionChanged(owner_id=owner_id, target_id=target.pk))
        presence_stop(watcher_id=target.pk, watched_id=owner_id)


@transaction.atomic
def relation_end(*, owner_id: int, target_id: int, kind: RelationKind) -> None:
    """Take it back; the second call changes nothing."""
    ended = Relation.objects.filter(owner_id=owner_id, target_id=target_id, kind=kind)
    if ended.delete()[0] and kind == RelationKind.RESTRICT:
        publish(RestrictionChanged(owner_id=owner_id, target_id=target_id))


def follower_remove(*, owner_id: int, follower_id: int) -> None:
    """They follow no longer, and are not told; the second call changes nothing.

    Neither does one for somebody who is not there: the answer tells nobody who is.
    """
    with suppress(NotFoundError):
        follow_end(follower_id=follower_id, followee_id=owner_id)


def suggestion_dismiss(*, user_id: int, suggested: User) -> None:
    """Never suggest this person again; the second call changes nothing."""
    DismissedSuggestion.objects.get_or_create(user_id=user_id, suggested=suggested)
