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
from media_storage.models import Media
from posts.constants import PeopleTagState, PostState, TagSort
from posts.models import (
    Collection,
    CollectionPost,
    Hashtag,
    Like,
    Mention,
    PeopleTag,
    Place,
    Post,
    PostHashtag,
    PostMedia,
    Save,
)
from posts.selectors import (
    collection_posts,
    collections_of,
    home_feed,
    liked_posts,
    place_for,
    place_posts,
    places_named,
    post_for,
    post_likers,
    post_shapes,
    profile_posts,
    saved_posts,
    tag_posts,
    tagged_in,
)
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
    pinned: frozenset

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
        pinned=draw(st.frozensets(st.sampled_from(people))),
    )


class Made:
    """The world as rows: one post of each at one place, liked and commented on by everybody."""

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
        self.place = Place.objects.create(name="Pier")
        self.posts = Post.objects.bulk_create(
            Post(
                author=user, state=PostState.PUBLISHED, audience=world.audiences[n],
                published_at=START, pinned_pos=1 if n in world.pinned else None,
                has_people=True, place=self.place,
            )
            for n, user in enumerate(self.users)
        )  # fmt: skip
        self.owners = {post.pk: n for n, post in enumerate(self.posts)}
        Like.objects.bulk_create(Like(post=p, user=u) for p in self.posts for u in self.users)
        Comment.objects.bulk_create(
            Comment(post=p, author=u, body="x") for p in self.posts for u in self.users
        )

    def things(self):
        """One hashtag on all posts; everybody is named and tagged in each, saves and collects it."""
        every = [(post, user) for post in self.posts for user in self.users]
        Save.objects.bulk_create(Save(post=p, user=u) for p, u in every)
        Mention.objects.bulk_create(Mention(post=p, user=u) for p, u in every)
        tag = Hashtag.objects.create(name="sea")
        PostHashtag.objects.bulk_create(
            PostHashtag(hashtag=tag, post=p, published_at=START, is_public=False)
            for p in self.posts
        )
        pictures = Media.objects.bulk_create(
            Media(owner=p.author, key=f"s{n:032x}", original_key=f"o{n:032x}", bytes=1,
                  original_type="image/jpeg", sha256=b"")
            for n, p in enumerate(self.posts)
        )  # fmt: skip
        PostMedia.objects.bulk_create(
            PostMedia(post=p, media=m, position=0)
            for p, m in zip(self.posts, pictures, strict=True)
        )
        PeopleTag.objects.bulk_create(
            PeopleTag(post=p, media=m, user=u, x=0, y=0, state=PeopleTagState.SHOWN)
            for p, m in zip(self.posts, pictures, strict=True)
            for u in self.users
        )
        shelves = Collection.objects.bulk_create(Collection(owner=u, name="a") for u in self.users)
        CollectionPost.objects.bulk_create(
            CollectionPost(collection=c, post=p, position=0) for c in shelves for p in self.posts
        )

    def owners_of(self, rows, name="id"):
        """Whose posts these rows are, or are about."""
        return {self.owners[getattr(row, name)] for row in rows}

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


def check_pages(world, made, viewer, number):
    """The pages of a tag, a place and of people in pictures, and who is named in what is seen."""
    seen = {owner for owner in PEOPLE if world.sees_post(number, owner)}
    everybody = {one for one in PEOPLE if world.met(number, one)}
    for sort in TagSort:
        assert made.owners_of(tag_posts(viewer=viewer, name="sea", sort=sort, **PAGE)) == seen
    place = made.place.pk
    assert made.owners_of(place_posts(viewer=viewer, place_id=place, **PAGE)) == seen
    assert bool(read(lambda: place_for(viewer=viewer, place_id=place))) == bool(seen)
    assert bool(places_named(viewer=viewer, q="pier")) == bool(seen)
    for shape in post_shapes(viewer=viewer, post_ids=list(made.owners)).values():
        for people in (shape["mentions"], [tag["user"] for tag in shape["people_tags"]]):
            assert {made.numbers[int(person["id"])] for person in people} == everybody
    for person in PEOPLE:
        pk = made.users[person].pk
        tags = read(lambda pk=pk: list(tagged_in(viewer=viewer, user_id=pk)))
        expected = seen if world.open_to(number, person) else None
        assert (None if tags is None else made.owners_of(tags, "post_id")) == expected


def check_kept(world, made, viewer, number):
    """What the viewer likes, saved and collected, as far as it may still be seen."""
    seen = {owner for owner in PEOPLE if world.sees_post(number, owner)}
    for rows in (liked_posts(viewer=viewer), saved_posts(viewer=viewer)):
        assert made.owners_of(rows, "post_id") == seen
    (shelf,) = collections_of(viewer=viewer)
    assert shelf.posts_count == len(seen)
    rows = collection_posts(viewer=viewer, collection=shelf)
    assert made.owners_of(rows, "post_id") == seen


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
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


@hypothesis(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds())
def test_every_page_of_tags_places_people_and_saves_shows_what_the_rule_allows(db, world):
    with transaction.atomic():
        made = Made(world)
        made.things()
        for number in (None, *(n for n in PEOPLE if n not in world.away)):
            viewer = made.viewer(number)
            check_pages(world, made, viewer, number)
            if number is not None:
                check_kept(world, made, viewer, number)
        transaction.set_rollback(True)
