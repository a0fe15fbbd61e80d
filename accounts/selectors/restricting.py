"""Who restricts whom: the other never learns of it."""

from collections.abc import Collection

from accounts.constants import RelationKind
from accounts.models import Relation


def is_restricted(*, owner_id: int, user_id: int) -> bool:
    """Whether the owner of a post or an inbox restricts this person."""
    return bool(restricting(user_id=user_id, owner_ids=[owner_id]))


def restricting(*, user_id: int, owner_ids: Collection[int]) -> set[int]:
    """Which of these people restrict this one."""
    rows = Relation.objects.filter(owner__in=owner_ids, target=user_id, kind=RelationKind.RESTRICT)
    return set(rows.values_list("owner_id", flat=True))


def restricted_by(*, owner_id: int) -> set[int]:
    """Whom this person restricts."""
    rows = Relation.objects.filter(owner=owner_id, kind=RelationKind.RESTRICT)
    return set(rows.values_list("target_id", flat=True))
