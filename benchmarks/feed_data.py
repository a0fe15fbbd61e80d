"""People, follows and posts as a grown network has them, and viewers to measure with."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from django.db import connection

from accounts.constants import FollowState, RelationKind, UserState
from accounts.models import Follow, Relation, User
from benchmarks.database import copy_rows, without_indexes
from benchmarks.harness import progress
from posts.constants import Audience, PostState
from posts.models import Like, Post, Save

PEOPLE, POSTS, FOLLOWS = 100_000, 1_000_000, 5_000_000
#: Changes with anything here, so that an older database is made anew.
VERSION: Final = "feed 1"
ROWS: Final = "100k people, 1M posts, 5M follows"

# Posts come evenly over two years; those of people who stopped are older than all others.
ACTIVE_SINCE, DORMANT_SINCE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
ACTIVE_DAYS, DORMANT_DAYS = 730, 365
FIRST_DORMANT: Final = 94_001
DORMANT_POSTS: Final = 60_000
LIKES_OF_ONE, LIKES_OF_MOST, SAVES = 49_000, 2_000, 100
RELATIONS: Final = 200_000
# How many accounts are suspended or private, and how many follows are still requests.
SUSPENDED, PRIVATE, REQUESTED = 0.005, 0.2, 0.03


@dataclass(frozen=True, slots=True)
class Viewers:
    """People with this many followees, by popularity or among those who stopped posting."""

    name: str
    followees: int
    is_dormant: bool
    ids: range


VIEWERS: Final = (
    Viewers("50", 50, is_dormant=False, ids=range(1, 21)),
    Viewers("500", 500, is_dormant=False, ids=range(21, 41)),
    Viewers("5000", 5_000, is_dormant=False, ids=range(41, 51)),
    Viewers("dormant", 500, is_dormant=True, ids=range(51, 71)),
    Viewers("dormant_5000", 5_000, is_dormant=True, ids=range(71, 76)),
)
_GROUPS: Final = {viewer: group for group in VIEWERS for viewer in group.ids}


def fill() -> None:
    """Load everything, in about three minutes; the same rows every time."""
    dice = random.Random(7)
    # Few are known to very many: a Pareto tail as measured networks have.
    fame = [min(dice.paretovariate(1.1), 2_000.0) for _ in range(PEOPLE)]
    with without_indexes(User, Follow, Relation, Post, Like, Save):
        copy_rows(
            User, ("id", "username", "email", "is_private", "state"), _people(dice), total=PEOPLE
        )
        follows = _follows(dice, fame)
        copy_rows(Follow, ("follower_id", "followee_id", "state"), follows, total=FOLLOWS)
        relations = _relations(dice)
        copy_rows(Relation, ("owner_id", "target_id", "kind", "scopes"), relations, total=RELATIONS)
        names = ("id", "author_id", "shortcode", "published_at", "audience")
        posts, common = _posts(dice, fame), {"media": [PICTURE], "state": PostState.PUBLISHED}
        copy_rows(Post, names, posts, total=POSTS, **common)
        copy_rows(Like, ("user_id", "post_id"), _marks(dice, LIKES_OF_MOST), total=PEOPLE)
        copy_rows(Save, ("user_id", "post_id"), _marks(dice, SAVES), total=PEOPLE)
    progress("counting and vacuuming")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_FOLLOWEES)
        cursor.execute("VACUUM ANALYZE")


_COUNT_FOLLOWEES: Final = """
UPDATE accounts_user SET following_count = counted.number
FROM (
    SELECT follower_id, count(*) AS number FROM accounts_follow
    WHERE state = 'active' GROUP BY follower_id
) counted
WHERE counted.follower_id = accounts_user.id
"""


def _people(dice: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, PEOPLE + 1):
        is_suspended = dice.random() < SUSPENDED and number not in _GROUPS
        state = UserState.SUSPENDED if is_suspended else UserState.ACTIVE
        name = f"person{number}"
        yield number, name, f"{name}@example.org", dice.random() < PRIVATE, state


def _follows(dice: random.Random, fame: list[float]) -> Iterator[tuple[Any, ...]]:
    known = list(accumulate(fame))
    left = FOLLOWS - sum(group.followees * len(group.ids) for group in VIEWERS)
    for number in range(1, PEOPLE + 1):
        if group := _GROUPS.get(number):
            stopped = range(FIRST_DORMANT, PEOPLE + 1)
            chosen = (
                set(dice.sample(stopped, group.followees))
                if group.is_dormant
                else _followees(dice, number, known, group.followees)
            )
            yield from ((number, other, FollowState.ACTIVE) for other in chosen)
            continue
        # Median 31, mean 50: most follow a few dozen, some thousands.
        wanted = min(int(dice.lognormvariate(3.43, 0.98)), 5_000, left)
        left -= wanted
        for other in _followees(dice, number, known, wanted):
            state = FollowState.REQUESTED if dice.random() < REQUESTED else FollowState.ACTIVE
            yield number, other, state


def _followees(dice: random.Random, number: int, known: list[float], wanted: int) -> set[int]:
    chosen: set[int] = set()
    while len(chosen) < wanted:
        for other in dice.choices(range(1, PEOPLE + 1), cum_weights=known, k=wanted):
            if other != number and len(chosen) < wanted:
                chosen.add(other)
    return chosen


def _relations(dice: random.Random) -> Iterator[tuple[Any, ...]]:
    """Close friends, mutes and blocks between anybody, and forty of each around every viewer."""
    kinds = (RelationKind.CLOSE_FRIEND, RelationKind.MUTE, RelationKind.BLOCK)
    seen: set[tuple[int, int, str]] = set()
    pairs = [(dice.randint(1, PEOPLE), dice.randint(1, PEOPLE)) for _ in range(RELATIONS)]
    for viewer in (viewer for group in VIEWERS for viewer in group.ids):
        pairs += [(viewer, dice.randint(1, PEOPLE)) for _ in range(60)]
        pairs += [(dice.randint(1, PEOPLE), viewer) for _ in range(60)]
    for owner, target in pairs:
        row = (owner, target, dice.choice(kinds))
        if owner != target and row not in seen:
            seen.add(row)
            yield *row, ["posts"] if row[2] == RelationKind.MUTE else []


def _posts(dice: random.Random, fame: list[float]) -> Iterator[tuple[Any, ...]]:
    audiences = [Audience.PUBLIC] * 16 + [Audience.FOLLOWERS] * 3 + [Audience.CLOSE_FRIENDS]
    # Who is known posts more, and nobody posts as much more as they are known.
    active = list(accumulate(weight**0.5 for weight in fame[: FIRST_DORMANT - 1]))
    recent = POSTS - DORMANT_POSTS
    authors = dice.choices(range(1, FIRST_DORMANT), cum_weights=active, k=recent)
    stopped = dice.choices(range(FIRST_DORMANT, PEOPLE + 1), k=DORMANT_POSTS)
    for number, author in enumerate(stopped + authors):
        if number < DORMANT_POSTS:
            at = DORMANT_SINCE + timedelta(days=DORMANT_DAYS * number / DORMANT_POSTS)
        else:
            share = (number - DORMANT_POSTS) / recent
            at = ACTIVE_SINCE + timedelta(days=ACTIVE_DAYS * share)
        yield number + 1, author, f"{number:011d}", at, int(dice.choice(audiences))


def _marks(dice: random.Random, most: int) -> Iterator[tuple[int, int]]:
    """What viewers liked or saved: `most` each, and the first of each group LIKES_OF_ONE."""
    for group in VIEWERS:
        for viewer in group.ids:
            is_heavy = most == LIKES_OF_MOST and viewer == group.ids[0]
            number = LIKES_OF_ONE if is_heavy else most
            for post in dice.sample(range(1, POSTS + 1), number):
                yield viewer, post


PICTURE: Final = {
    "id": 1,
    "state": "ready",
    "kind": "image",
    "is_public": True,
    "key": "p" + "0" * 32,
    "original_key": "o" + "0" * 32,
    "original_type": "image/jpeg",
    "width": 4000,
    "height": 3000,
    "duration_ms": None,
    "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    "alt_text": "A harbour in the morning, boats at rest",
    "variants": [
        {"name": f"{width}.webp", "width": width, "height": width * 3 // 4, "type": "image/webp"}
        for width in (320, 480, 640, 828, 1080, 1440, 2160)
    ],
    "error_code": "",
}
