"""People whom somebody may know, and why: friends of friends, else those whom many follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from accounts.constants import UserState
from accounts.models import DismissedSuggestion, User
from core.viewer import Viewer

# Enough friends for a good guess, and few enough that 5,000 of each still take milliseconds.
FRIENDS, THEIRS = 200, 100
MOST = 30

# Whom a friend follows is told by their list: where that is hidden or gone, it is no reason here.
_MUTUALS = """
SELECT theirs.followee_id, count(*), (array_agg(friend.followee_id ORDER BY friend.created_at DESC))[:2]
FROM (
    SELECT f.followee_id, f.created_at
    FROM accounts_follow f JOIN accounts_user u ON u.id = f.followee_id
    WHERE f.follower_id = %(viewer)s AND f.state = 'active'
    AND u.state IN ('active', 'limited') AND NOT u.settings @> '{"hide_follow_lists": true}'
    ORDER BY f.created_at DESC, f.id DESC LIMIT %(friends)s
) friend
CROSS JOIN LATERAL (
    SELECT followee_id FROM accounts_follow
    WHERE follower_id = friend.followee_id AND state = 'active'
    ORDER BY created_at DESC, id DESC LIMIT %(theirs)s
) theirs
WHERE theirs.followee_id <> %(viewer)s
AND NOT EXISTS (
    SELECT FROM accounts_follow f
    WHERE f.follower_id = %(viewer)s AND f.followee_id = theirs.followee_id
)
AND NOT EXISTS (
    SELECT FROM accounts_dismissedsuggestion d
    WHERE d.user_id = %(viewer)s AND d.suggested_id = theirs.followee_id
)
GROUP BY theirs.followee_id
ORDER BY count(*) DESC, theirs.followee_id DESC
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person, and the reason: up to two friends who follow them, of so many."""

    user: User
    reason: Literal["mutuals", "popular"]
    mutuals: list[User]
    mutuals_count: int


def suggestions(*, viewer: Viewer) -> list[Suggestion]:
    """At most MOST; nobody who is followed, asked, dismissed, blocked, limited, or unwilling."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MUTUALS,
            {"viewer": viewer.pk, "friends": FRIENDS, "theirs": THEIRS, "most": MOST * 2},
        )
        rows = cursor.fetchall()
    people = _people(viewer, {pk for found, _, friends in rows for pk in (found, *friends)})
    known = [_known(people, row) for row in rows]
    chosen = [suggestion for suggestion in known if suggestion][:MOST]
    return chosen or [Suggestion(user, "popular", [], 0) for user in _popular(viewer)]


def _known(people: Mapping[int, User], row: tuple[Any, ...]) -> Suggestion | None:
    found, count, friends = row
    user = people.get(found)
    if user is None or not _may_be_suggested(user):
        return None
    return Suggestion(user, "mutuals", [people[pk] for pk in friends if pk in people], count)


def _people(viewer: Viewer, ids: set[int]) -> dict[int, User]:
    return User.objects.visible_to(viewer).in_bulk(ids)


def _may_be_suggested(user: User) -> bool:
    wishes_it = user.settings.get("suggest_me", True) is not False
    return wishes_it and user.state != UserState.LIMITED


def _popular(viewer: Viewer) -> list[User]:
    """For somebody who follows nobody whose friends are known."""
    people = (
        User.objects.visible_to(viewer)
        .filter(is_private=False, posts_count__gt=0)
        .exclude(pk=viewer.pk)
        .exclude(follows_in__follower=viewer.pk)
        .exclude(pk__in=DismissedSuggestion.objects.filter(user=viewer.pk).values("suggested"))
        .order_by("-followers_count", "-pk")
    )
    return [user for user in people[: MOST * 2] if _may_be_suggested(user)][:MOST]
