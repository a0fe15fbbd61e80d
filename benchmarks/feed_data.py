"""People, follows and posts as a grown network has them, and viewers to measure with."""

import json
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
from benchmarks.feed_reactions import follow_tags, react
from benchmarks.harness import progress
from comments.models import Comment
from comments.services import comments_recount
from posts.constants import Audience
from posts.models import Like, Post, PostHashtag, Save, TagFollow

#: Changes with anything here, so that an older database is made anew.
VERSION: Final = "feed 2"


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a network is; all tables shrink alike."""

    name: str
    people: int
    posts: int
    follows: int
    relations: int
    rows: str

    @property
    def first_dormant(self) -> int:
        """From this person on everybody has stopped posting."""
        return self.people * 94 // 100 + 1

    @property
    def dormant_posts(self) -> int:
        """How many posts those have."""
        return self.posts * 6 // 100


FULL: Final = Scale(
    "feed", 100_000, 1_000_000, 5_000_000, 200_000,
    "100k people, 1M posts, 5M follows, 10M likes, 2M comments",
)  # fmt: skip
TENTH: Final = Scale(
    "feed_tenth", 10_000, 100_000, 500_000, 20_000,
    "10k people, 100k posts, 0.5M follows, 1M likes, 0.2M comments",
)  # fmt: skip

# Posts come evenly over two years; those of people who stopped are older than all others.
ACTIVE_SINCE, DORMANT_SINCE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
ACTIVE_DAYS, DORMANT_DAYS = 730, 365
LIKES_OF_ONE, LIKES_OF_MOST, SAVES = 49_000, 2_000, 100
# How many accounts are suspended or private, and how many follows are still requests.
SUSPENDED, PRIVATE, REQUESTED = 0.005, 0.2, 0.03


@dataclass(frozen=True, slots=True)
class Viewers:
    """People with this many followees, by popularity or among those who stopped posting."""

    name: str
    followees: int
    is_dormant: bool
    ids: range
    tags: int = 0


VIEWERS: Final = (
    Viewers("50", 50, is_dormant=False, ids=range(1, 21)),
    Viewers("500", 500, is_dormant=False, ids=range(21, 41)),
    Viewers("5000", 5_000, is_dormant=False, ids=range(41, 51)),
    Viewers("dormant", 500, is_dormant=True, ids=range(51, 71)),
    Viewers("dormant_5000", 5_000, is_dormant=True, ids=range(71, 76)),
    Viewers("tags", 50, is_dormant=False, ids=range(76, 96), tags=100),
)
#: Nobody up to here is drawn for likes: what the viewers above like is chosen for each.
LAST_VIEWER: Final = 100
_GROUPS: Final = {viewer: group for group in VIEWERS for viewer in group.ids}


def of_scale(scale: Scale) -> tuple[Viewers, ...]:
    """The viewers who are possible in a network of that size."""
    return tuple(
        group
        for group in VIEWERS
        if not group.is_dormant or group.followees <= scale.people - scale.first_dormant
    )


def fill(scale: Scale = FULL) -> None:
    """Load everything, the whole in some minutes; the same rows every time."""
    dice = random.Random(7)
    # Few are known to very many: a Pareto tail as measured networks have.
    fame = [min(dice.paretovariate(1.1), 2_000.0) for _ in range(scale.people)]
    tables = (User, Follow, Relation, Post, Like, Save, Comment, PostHashtag, TagFollow)
    with without_indexes(*tables):
        names: tuple[str, ...] = ("id", "username", "display_name", "email", "is_private", "state")
        copy_rows(User, names, _people(dice, scale), total=scale.people)
        follows = _follows(dice, fame, scale)
        copy_rows(Follow, ("follower_id", "followee_id", "state"), follows, total=scale.follows)
        relations = _relations(dice, scale)
        names = ("owner_id", "target_id", "kind", "scopes")
        copy_rows(Relation, names, relations, total=scale.relations)
        names = ("id", "author_id", "shortcode", "published_at", "audience", "likes_count")
        names += ("comments_count", "caption", "media")
        copy_rows(Post, names, _posts(dice, fame, scale), total=scale.posts, state="published")
        for model, most in ((Like, LIKES_OF_MOST), (Save, SAVES)):
            marks = _marks(dice, most, scale)
            copy_rows(model, ("user_id", "post_id"), marks, total=scale.people)
        react(people=scale.people, last_viewer=LAST_VIEWER)
        follow_tags({viewer: g.tags for g in VIEWERS for viewer in g.ids if g.tags})
    progress("counting and vacuuming")
    comments_recount()
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


def _people(dice: random.Random, scale: Scale) -> Iterator[tuple[Any, ...]]:
    for number in range(1, scale.people + 1):
        is_suspended = dice.random() < SUSPENDED and number not in _GROUPS
        state = UserState.SUSPENDED if is_suspended else UserState.ACTIVE
        name = f"person{number}"
        shown = f"Person {number}"
        yield number, name, shown, f"{name}@example.org", dice.random() < PRIVATE, state


def _follows(dice: random.Random, fame: list[float], scale: Scale) -> Iterator[tuple[Any, ...]]:
    known, possible = list(accumulate(fame)), of_scale(scale)
    left = scale.follows - sum(group.followees * len(group.ids) for group in possible)
    for number in range(1, scale.people + 1):
        group = _GROUPS.get(number)
        if group in possible and group is not None:
            stopped = range(scale.first_dormant, scale.people + 1)
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
        people = range(1, len(known) + 1)
        for other in dice.choices(people, cum_weights=known, k=wanted):
            if other != number and len(chosen) < wanted:
                chosen.add(other)
    return chosen


def _relations(dice: random.Random, scale: Scale) -> Iterator[tuple[Any, ...]]:
    """Close friends, mutes and blocks between anybody, and forty of each around every viewer."""
    kinds = (RelationKind.CLOSE_FRIEND, RelationKind.MUTE, RelationKind.BLOCK)
    seen: set[tuple[int, int, str]] = set()

    def anybody() -> int:
        return dice.randint(1, scale.people)

    pairs = [(anybody(), anybody()) for _ in range(scale.relations)]
    for viewer in (viewer for group in VIEWERS for viewer in group.ids):
        pairs += [(viewer, anybody()) for _ in range(60)]
        pairs += [(anybody(), viewer) for _ in range(60)]
    for owner, target in pairs:
        row = (owner, target, dice.choice(kinds))
        if owner != target and row not in seen:
            seen.add(row)
            yield *row, ["posts"] if row[2] == RelationKind.MUTE else []


def _posts(dice: random.Random, fame: list[float], scale: Scale) -> Iterator[tuple[Any, ...]]:
    audiences = [Audience.PUBLIC] * 16 + [Audience.FOLLOWERS] * 3 + [Audience.CLOSE_FRIENDS]
    # Who is known posts more, and nobody posts as much more as they are known.
    active = list(accumulate(weight**0.5 for weight in fame[: scale.first_dormant - 1]))
    recent = scale.posts - scale.dormant_posts
    authors = dice.choices(range(1, scale.first_dormant), cum_weights=active, k=recent)
    stopped = dice.choices(range(scale.first_dormant, scale.people + 1), k=scale.dormant_posts)
    for number, author in enumerate(stopped + authors):
        if number < scale.dormant_posts:
            at = DORMANT_SINCE + timedelta(days=DORMANT_DAYS * number / scale.dormant_posts)
        else:
            share = (number - scale.dormant_posts) / recent
            at = ACTIVE_SINCE + timedelta(days=ACTIVE_DAYS * share)
        audience = dice.choice(audiences)
        yield (
            number + 1, author, f"{number:011d}", at, int(audience),
            _many(dice, mean=10, most=scale.people // 5), _many(dice, mean=2, most=2_000),
            CAPTION, picture_of(number, is_public=audience == Audience.PUBLIC),
        )  # fmt: skip


def _many(dice: random.Random, *, mean: float, most: int) -> int:
    """A number with a long tail: most are small, few are very large."""
    return min(int(mean * 0.45 * (1 - dice.random()) ** -0.6), most)


def _marks(dice: random.Random, most: int, scale: Scale) -> Iterator[tuple[int, int]]:
    """What viewers liked or saved: `most` each, and the first of each group LIKES_OF_ONE."""
    for group in VIEWERS:
        for viewer in group.ids:
            is_heavy = most == LIKES_OF_MOST and viewer == group.ids[0]
            number = min(LIKES_OF_ONE if is_heavy else most, scale.posts // 2)
            for post in dice.sample(range(1, scale.posts + 1), number):
                yield viewer, post


def picture_of(number: int, *, is_public: bool) -> str:
    """The snapshot of one picture, another one for each post, as JSON text."""
    letter = "p" if is_public else "s"
    return _PICTURE_TEXT.replace(PICTURE["key"], f"{letter}{number:032x}")


CAPTION: Final = (
    "A harbour in the morning, boats at rest, and the first gulls over the quay #harbour"
)
PICTURE: Final[dict[str, Any]] = {
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
_PICTURE_TEXT: Final = json.dumps([PICTURE])
