"""For random graphs of follows, blocks, mutes and private accounts, every list shows exactly what
one plain rule allows. The rule stands here in the words of sets, without a query.
"""

from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from accounts.constants import FollowState, RelationKind, UserState
from accounts.models import Follow, Relation, User
from accounts.selectors import (
    followers,
    following,
    mutuals,
    people_set,
    relationships_of,
    suggestions,
    user_for,
)
from comments.constants import CommentSort
from comments.models import Comment
from comments.selectors import comment_roots
from core.errors import NotFoundError
from core.viewer import Viewer, anonymous
from posts.constants import PostState
from posts.models import Like, Post
from posts.selectors import home_feed, post_for, post_likers, profile_posts
from tests.conftest import viewer_of
from tests.posts.graph import START

pytestmark = pytest.mark.django_db
PEOPLE = range(5)
PAGE = {"position": None, "is_backward": False, "limit": 20}
PAIRS = [(a, b) for a in PEOPLE for b in PEOPLE if a != b]


@dataclass(frozen=True)
class World:
    """Who is private or away, who follows, asks, blocks, mutes, is close to or hides from whom."""

    private: frozenset
    away: frozenset
    hidden_lists: frozenset
    follows: frozenset
    asks: frozenset
    blocks: frozenset
    mutes: frozenset
    close: frozenset
    audiences: tuple

    # The rule.

    def met(self, viewer, other):
        """Whether the other exists for the viewer."""
        if other in self.away:
            return False
        return viewer is None or not {(viewer, other), (other, viewer)} & self.blocks

    def open_to(self, viewer, owner):
        """Whether what the owner keeps for their circle is open."""
        if not self.met(viewer, owner):
            return False
        return viewer == owner or owner not in self.private or (viewer, owner) in self.follows

    def sees_post(self, viewer, owner):
        if not self.met(viewer, owner):
            return False
        level = 0 if owner not in self.private else -1
        if (viewer, owner) in self.follows:
            level = 2 if (owner, viewer) in self.close else 1
        if viewer == owner:
            level = 3
        return self.audiences[owner] <= level

    def list_of(self, viewer, owner, people):
        """A list of people at the owner's, or None where there is none for the viewer."""
        if not self.open_to(viewer, owner) or (owner in self.hidden_lists and viewer != owner):
            return None
        return {one for one in people if self.met(viewer, one)}

    def suggested(self, viewer):
        friends = {b for a, b in self.follows if a == viewer}
        known = friends | {b for a, b in self.asks if a == viewer} | {viewer}
        telling = {one for one in friends - self.hidden_lists if self.met(viewer, one)}
        theirs = {b for a, b in self.follows if a in telling}
        return {one for one in theirs - known if self.met(viewer, one)}


def subsets(of):
    return st.frozensets(st.sampled_from(of), max_size=len(of) // 2)


@st.composite
def worlds(draw):
    people = list(PEOPLE)
    follows = draw(subsets(PAIRS))
    blocks = draw(st.frozensets(st.sampled_from(PAIRS), max_size=2))
    # Blocking ends follows in both directions, so no state of the house holds both.
    apart = blocks | {(b, a) for a, b in blocks}
    return World(
        private=draw(subsets(people)),
        away=draw(st.frozensets(st.sampled_from(people), max_size=1)),
        hidden_lists=draw(st.frozensets(st.sampled_from(people), max_size=1)),
        follows=follows - apart,
        asks=draw(subsets(PAIRS)) - follows - apart,
        blocks=blocks,
        mutes=draw(subsets(PAIRS)),
        close=draw(subsets(PAIRS)),
        audiences=tuple(draw(st.integers(0, 3)) for _ in people),
    )


class Made:
    """The world as rows: one post of each, with a like and a comment of everybody on it."""

    def __init__(self, world):
        states = [UserState.SUSPENDED if n in world.away else UserState.ACTIVE for n in PEOPLE]
        self.users = User.objects.bulk_create(
            User(
                username=f"world{n}",
                email=f"world{n}@example.org",
                state=states[n],
                is_private=n in world.private,
                settings={"hide_follow_lists": n in world.hidden_lists},
                following_count=sum(a == n for a, _ in world.follows),
            )
            for n in PEOPLE
        )
        self.numbers = {user.pk: n for n, user in enumerate(self.users)}
        for pairs, state in ((world.follows, "active"), (world.asks, "requested")):
            Follow.objects.bulk_create(
                Follow(follower=self.users[a], followee=self.users[b], state=FollowState(state))
                for a, b in pairs
            )
        for pairs, kind in (
            (world.blocks, "block"), (world.mutes, "mute"), (world.close, "close_friend"),
        ):  # fmt: skip
            Relation.objects.bulk_create(
                Relation(
                    owner=self.users[a], target=self.users[b], kind=RelationKind(kind),
                    scopes=["posts"],
                )
                for a, b in pairs
            )  # fmt: skip
        self.posts = Post.objects.bulk_create(
            Post(
                author=user, state=PostState.PUBLISHED, audience=world.audiences[n],
                published_at=START,
            )
            for n, user in enumerate(self.users)
        )  # fmt: skip
        self.owners = {post.pk: n for n, post in enumerate(self.posts)}
        Like.objects.bulk_create(Like(post=p, user=u) for p in self.posts for u in self.users)
        Comment.objects.bulk_create(
            Comment(post=p, author=u, body="x") for p in self.posts for u in self.users
        )

    def viewer(self, number) -> Viewer:
        return anonymous() if number is None else viewer_of(self.users[number])

    def people(self, rows, name):
        return {self.numbers[getattr(row, f"{name}_id")] for row in rows}


def read(function):
    """What it gives, or None where it says that there is nothing."""
    try:
        return function()
    except NotFoundError:
        return None


def check_people(world, made, viewer, number):
    for owner in PEOPLE:
        pk = made.users[owner].pk
        found = read(lambda pk=pk: user_for(viewer=viewer, user_id=pk))
        assert (found is not None) == world.met(number, owner)
        lists = {
            "followers": (followers, "follower", {a for a, b in world.follows if b == owner}),
            "following": (following, "followee", {b for a, b in world.follows if a == owner}),
        }
        if number is not None:
            mine = {b for a, b in world.follows if a == number}
            lists["mutuals"] = (mutuals, "follower", lists["followers"][2] & mine)
        for select, side, people in lists.values():
            rows = read(lambda s=select, pk=pk: list(s(viewer=viewer, user_id=pk)))
            got = None if rows is None else made.people(rows, side)
            assert got == world.list_of(number, owner, people), (select.__name__, owner)


def check_posts(world, made, viewer, number):
    for owner, post in enumerate(made.posts):
        is_seen = world.sees_post(number, owner)
        assert (read(lambda p=post: post_for(viewer=viewer, post_id=p.pk)) is not None) == is_seen
        everybody = {one for one in PEOPLE if world.met(number, one)}
        rows = read(
            lambda p=post: comment_roots(
                viewer=viewer, post_id=p.pk, sort=CommentSort.NEWEST, **PAGE
            )
        )
        assert (None if rows is None else {made.numbers[row.author_id] for row in rows}) == (
            everybody if is_seen else None
        )
        if is_seen:
            assert made.people(post_likers(viewer=viewer, post=post), "user") == everybody
        grid = read(lambda o=owner: profile_posts(viewer=viewer, user_id=made.users[o].pk, **PAGE))
        if world.open_to(number, owner):
            assert {made.owners[row.id] for row in grid} == ({owner} if is_seen else set())
        else:
            assert not grid


def check_own(world, made, viewer, number):
    for kind, pairs in (("block", world.blocks), ("mute", world.mutes)):
        targets = {b for a, b in pairs if a == number}
        shown = targets if kind == "block" else {b for b in targets if world.met(number, b)}
        rows = people_set(viewer=viewer, kind=RelationKind(kind))
        assert made.people(rows, "target") == shown
    found = relationships_of(viewer=viewer, user_ids=list(made.numbers))
    assert {made.numbers[pk] for pk in found} == {o for o in PEOPLE if world.met(number, o)}
    home = home_feed(viewer=viewer, position=None, is_backward=False, limit=20)
    followed = {b for a, b in world.follows if a == number} | {number}
    assert {made.owners[row.id] for row in home} == {
        owner for owner in followed
        if world.sees_post(number, owner) and (number, owner) not in world.mutes
    }  # fmt: skip
    offered = suggestions(viewer=viewer)
    known = {made.numbers[one.user.pk] for one in offered if one.reason == "mutuals"}
    assert known == world.suggested(number)


@hypothesis(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds())
def test_every_list_shows_exactly_what_the_rule_allows(db, world):
    with transaction.atomic():
        made = Made(world)
        for number in (None, *(n for n in PEOPLE if n not in world.away)):
            viewer = made.viewer(number)
            check_people(world, made, viewer, number)
            check_posts(world, made, viewer, number)
            if number is not None:
                check_own(world, made, viewer, number)
        transaction.set_rollback(True)
