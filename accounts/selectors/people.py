"""People and their lists as one viewer may see them; what may not be seen is not found."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.constants import (
    FollowState,
    RelationKind,
)
from accounts.models import Follow, Relation, User
from accounts.shapes import RelationshipShape
from core.errors import NotFoundError
from core.viewer import Viewer


def user_for(*, viewer: Viewer, user_id: int) -> User:
    """A person by id. Raises NotFoundError."""
    return _found(User.objects.visible_to(viewer).filter(pk=user_id).first())


def user_named(*, viewer: Viewer, username: str) -> User:
    """A person by username, in any case, or by one that they had. Raises NotFoundError."""
    people, name = User.objects.visible_to(viewer), username.lower()
    found = people.filter(username=name).first()
    return _found(found or people.filter(former_usernames__username=name).first())


def my_account(*, viewer: Viewer) -> User:
    """The viewer's own row."""
    return User.objects.get(pk=viewer.pk)


def relationship_of(*, viewer: Viewer, user: User) -> RelationshipShape | None:
    """How the viewer and this person stand; None for somebody unknown. Two queries."""
    if viewer.is_anonymous:
        return None
    follows = {
        (f.follower_id, f.state)
        for f in Follow.objects.filter(
            Q(follower=viewer.pk, followee=user) | Q(follower=user, followee=viewer.pk)
        )
    }
    kinds = set(_set_about(viewer, [user.pk]).values_list("kind", flat=True))
    state = next((state for follower, state in follows if follower == viewer.pk), None)
    return _relationship(state, kinds, is_back=(user.pk, FollowState.ACTIVE) in follows)


def relationships_of(*, viewer: Viewer, user_ids: Sequence[int]) -> dict[int, RelationshipShape]:
    """The same for many people whom the viewer may see. Three queries."""
    ids = list(User.objects.visible_to(viewer).filter(pk__in=user_ids).values_list("pk", flat=True))
    out = dict(
        Follow.objects.filter(follower=viewer.pk, followee__in=ids).values_list("followee", "state")
    )
    back = set(
        Follow.objects.active()
        .filter(follower__in=ids, followee=viewer.pk)
        .values_list("follower", flat=True)
    )
    kinds: dict[int, set[str]] = {}
    for target, kind in _set_about(viewer, ids).values_list("target", "kind"):
        kinds.setdefault(target, set()).add(kind)
    return {pk: _relationship(out.get(pk), kinds.get(pk, set()), is_back=pk in back) for pk in ids}


def _set_about(viewer: Viewer, user_ids: Sequence[int]) -> QuerySet[Relation]:
    """What the viewer has set about these people and what has not ended."""
    unended = Q(until__isnull=True) | Q(until__gt=timezone.now())
    return Relation.objects.filter(unended, owner=viewer.pk, target__in=user_ids)


def _relationship(state: str | None, kinds: set[str], *, is_back: bool) -> RelationshipShape:
    return {
        "following": state == FollowState.ACTIVE,
        "requested": state == FollowState.REQUESTED,
        "followed_by": is_back,
        "blocking": RelationKind.BLOCK in kinds,
        "muting": RelationKind.MUTE in kinds,
        "restricted": RelationKind.RESTRICT in kinds,
        "close_friend": RelationKind.CLOSE_FRIEND in kinds,
    }


def is_open_to(*, viewer: Viewer, user: User) -> bool:
    """Whether lists and posts of this person are open to the viewer: public, own or followed."""
    if not user.is_private or viewer.id == user.pk:
        return True
    return (
        viewer.is_authenticated
        and Follow.objects.active().filter(follower=viewer.pk, followee=user).exists()
    )


def followers(*, viewer: Viewer, user_id: int, q: str = "") -> QuerySet[Follow]:
    """Active follows of this person, the people in them visible to the viewer.

    Raises NotFoundError for a private account that the viewer does not follow.
    """
    user = _listed_user(viewer, user_id)
    return _with_people(Follow.objects.active().filter(followee=user), "follower", viewer, q)


def following(*, viewer: Viewer, user_id: int, q: str = "") -> QuerySet[Follow]:
    """Active follows by this person; as `followers`."""
    user = _listed_user(viewer, user_id)
    return _with_people(Follow.objects.active().filter(follower=user), "followee", viewer, q)


def mutuals(*, viewer: Viewer, user_id: int, q: str = "") -> QuerySet[Follow]:
    """Followers of this person whom the viewer follows, as `followers`."""
    user = _listed_user(viewer, user_id)
    mine = Follow.objects.active().filter(follower=viewer.pk, followee=OuterRef("follower"))
    shared = Follow.objects.active().filter(Exists(mine), followee=user)
    return _with_people(shared, "follower", viewer, q)


def people_set(*, viewer: Viewer, kind: RelationKind) -> QuerySet[Relation]:
    """About whom the viewer has set this; ended mutes are left out."""
    unended = Q(until__isnull=True) | Q(until__gt=timezone.now())
    shown = User.objects.visible_to(viewer) if kind != RelationKind.BLOCK else User.objects.all()
    return Relation.objects.filter(
        unended, owner=viewer.pk, kind=kind, target__in=shown
    ).select_related("target")


def follow_requests(*, viewer: Viewer) -> QuerySet[Follow]:
    """Who asks to follow the viewer."""
    waiting = Follow.objects.requested().filter(followee=viewer.pk)
    return _with_people(waiting, "follower", viewer, "")


def user_to_block(*, user_id: int) -> User:
    """A person to block: also one who has blocked the viewer. Raises NotFoundError."""
    return _found(User.objects.get_queryset().shown().filter(pk=user_id).first())


def media_in_avatars(*, media_ids: Sequence[int]) -> set[int]:
    """Which of these media are somebody's avatar."""
    used = User.objects.filter(avatar__in=media_ids).values_list("avatar", flat=True)
    return {media_id for media_id in used if media_id}


def _open_user(viewer: Viewer, user_id: int) -> User:
    user = user_for(viewer=viewer, user_id=user_id)
    if not is_open_to(viewer=viewer, user=user):
        raise NotFoundError
    return user


def _listed_user(viewer: Viewer, user_id: int) -> User:
    """A person whose lists of people are open to the viewer; their owner may hide them."""
    user = _open_user(viewer, user_id)
    if user.settings.get("hide_follow_lists") is True and viewer.id != user.pk:
        raise NotFoundError
    return user


def _with_people(follows: QuerySet[Follow], role: str, viewer: Viewer, q: str) -> QuerySet[Follow]:
    visible = User.objects.visible_to(viewer).filter(pk=OuterRef(role))
    if q:
        visible = visible.filter(Q(username__icontains=q) | Q(display_name__icontains=q))
    return follows.filter(Exists(visible)).select_related(role)


def _found(user: User | None) -> User:
    if user is None:
        raise NotFoundError
    return user
