"""Who may see whether somebody is online."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q

from accounts.constants import RelationKind
from accounts.models import Follow, Relation, User
from core.realtime.presence import OFFLINE, presence_of
from core.viewer import Viewer
from messaging.constants import Folder
from messaging.models import Member
from messaging.shapes import PresenceShape, presence_shape

HIDDEN = Q(settings__contains={"activity_status": False})


def presence_for(*, viewer: Viewer, user_ids: Sequence[int]) -> list[PresenceShape]:
    """One entry for each person asked for, in that order. Who may not be seen is offline."""
    seen = presence_seen_by(viewer=viewer, user_ids=user_ids)
    states = presence_of(seen)
    return [presence_shape(user_id, states.get(user_id, OFFLINE)) for user_id in user_ids]


def presence_seen_by(*, viewer: Viewer, user_ids: Collection[int]) -> set[int]:
    """Those of these people who let this viewer see whether they are online. One query.

    They follow the viewer, or share a conversation outside their requests; no block stands between
    the two, they have not restricted the viewer, and neither hides the own activity.
    """
    people = User.objects.visible_to(viewer).filter(pk__in=set(user_ids)).exclude(HIDDEN)
    follows = Follow.objects.active().filter(follower=OuterRef("pk"), followee=viewer.pk)
    own = Member.objects.filter(user=viewer.pk, left_at__isnull=True).values("conversation")
    shared = Member.objects.filter(
        user=OuterRef("pk"),
        left_at__isnull=True,
        folder=Folder.PRIMARY,
        conversation__in=own,
        conversation__last_seq__gt=0,
    )
    restricted = Relation.objects.filter(
        owner=OuterRef("pk"), target=viewer.pk, kind=RelationKind.RESTRICT
    )
    viewer_shows = User.objects.filter(pk=viewer.pk).exclude(HIDDEN)
    allowed = people.filter(
        Q(pk=viewer.pk) | Exists(viewer_shows) & (Exists(follows) | Exists(shared))
    ).exclude(Exists(restricted))
    return set(allowed.values_list("pk", flat=True))


def presence_shown(*, user_ids: Collection[int]) -> set[int]:
    """Those of these people who show at all whether they are online. One query."""
    shown = User.objects.get_queryset().shown().filter(pk__in=set(user_ids)).exclude(HIDDEN)
    return set(shown.values_list("pk", flat=True))


def typing_audience(*, viewer: Viewer, member_ids: Iterable[int]) -> list[int]:
    """The members who see that the viewer types: between them is no block and no restriction."""
    ids = set(member_ids) - {viewer.pk}
    between = Relation.objects.filter(
        Q(owner=viewer.pk, target=OuterRef("pk")) | Q(owner=OuterRef("pk"), target=viewer.pk),
        kind__in=(RelationKind.BLOCK, RelationKind.RESTRICT),
    )
    people = User.objects.filter(pk__in=ids).exclude(Exists(between)).order_by("pk")
    return list(people.values_list("pk", flat=True))
