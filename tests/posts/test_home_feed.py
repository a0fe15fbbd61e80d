"""The home feed by either way equals the plain query, page by page, forwards and backwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.constants import FOLLOWS_MANY, RelationKind
from accounts.models import User
from accounts.services import (
    access_token_read,
    block_create,
    follow_end,
    hidden_word_add,
    session_start,
    tag_mute,
)
from core.viewer import Viewer
from posts.constants import Audience
from posts.models import Post
from posts.selectors import home_feed, home_feed_newer_count, position_of
from posts.services import post_delete, tag_follow
from tests.posts.graph import START, plain_home, random_graph

pytestmark = pytest.mark.django_db

# By author, and by windows that hold all posts, some pages and less than a page.
WAYS = [None, 2000, 25, 3]


def read(viewer, window, **arguments):
    """One read by the way that a viewer takes who follows few, or many."""
    asking = replace(viewer, follows_many=window is not None)
    return home_feed(viewer=asking, **arguments, **({"window": window} if window else {}))


def read_all(viewer, limit, window=None):
    """The whole feed, page by page; each row but the first was asked for with a position."""
    rows, position = [], None
    while True:
        page = read(viewer, window, position=position, is_backward=False, limit=limit)
        rows += page
        if len(page) < limit:
            return rows
        position = position_of(page[-1])


@pytest.mark.parametrize("seed", range(6))
def test_every_way_equals_the_plain_query(seed):
    for user in random_graph(seed):
        expected = plain_home(user.pk)
        viewer = Viewer(id=user.pk)
        for way in WAYS:
            for limit in (2 + seed, 20, 50):
                assert [row.id for row in read_all(viewer, limit, way)] == expected


@pytest.mark.parametrize("seed", range(100, 103))
def test_reading_backwards_gives_the_same_pages(seed):
    for user in random_graph(seed, people=8):
        viewer = Viewer(id=user.pk)
        rows = read_all(viewer, 50)
        for way in WAYS:
            for end in range(0, len(rows), 7):
                before = read(
                    viewer, way, position=position_of(rows[end]), is_backward=True, limit=5
                )
                assert [r.id for r in before] == [r.id for r in reversed(rows[:end])][:5]


def test_a_full_page_of_fifty_is_right_where_one_author_has_it_all(user, make_post, viewer_of):
    posts = [make_post(user).pk for _ in range(55)]
    viewer = viewer_of(user)
    assert [r.id for r in read_all(viewer, 51)] == posts[::-1]
    assert [r.id for r in read_all(viewer, 22)] == posts[::-1]


def test_a_page_has_at_most_fifty_rows(user, viewer_of):
    with pytest.raises(ValueError, match="at most 51 rows"):
        home_feed(viewer=viewer_of(user), position=None, is_backward=False, limit=52)


def first_page(viewer):
    return [r.id for r in home_feed(viewer=viewer, position=None, is_backward=False, limit=20)]


def test_what_changes_holds_on_the_next_read(user, make_user, make_post, follow, relate):
    people = [make_user() for _ in range(4)]
    posts = []
    for person in people:
        follow(user, person)
        posts.append(make_post(person))
    viewer = Viewer(id=user.pk)
    assert first_page(viewer) == [p.pk for p in reversed(posts)]
    follow_end(follower_id=user.pk, followee_id=people[0].pk)
    relate(user, RelationKind.MUTE, people[1])
    block_create(owner_id=people[2].pk, target=user)
    assert first_page(viewer) == [posts[3].pk]
    post_delete(actor_id=people[3].pk, post=posts[3])
    assert first_page(viewer) == []


def test_a_mute_ends_by_itself(user, other_user, make_post, follow, relate):
    follow(user, other_user)
    post = make_post(other_user)
    mute = relate(user, RelationKind.MUTE, other_user, until=timezone.now() + timedelta(minutes=1))
    assert first_page(Viewer(id=user.pk)) == []
    mute.until = timezone.now() - timedelta(seconds=1)
    mute.save()
    assert first_page(Viewer(id=user.pk)) == [post.pk]


def test_a_row_says_what_the_viewer_did(user, make_post, viewer_of, api):
    post = make_post(user)
    api(user).put(f"/api/v1/posts/{post.pk}/like")
    (row,) = home_feed(viewer=viewer_of(user), position=None, is_backward=False, limit=20)
    assert (row.liked, row.saved, row.likes_count) == (True, False, 1)
    api(user).put(f"/api/v1/posts/{post.pk}/save")
    (row,) = home_feed(viewer=viewer_of(user), position=None, is_backward=False, limit=20)
    assert (row.liked, row.saved) == (True, True)


def test_newer_posts_are_counted_up_to_fifty(user, make_post, viewer_of):
    viewer = viewer_of(user)
    posts = [make_post(user) for _ in range(52)]
    assert home_feed_newer_count(viewer=viewer, since=posts[-1].published_at) == 0
    assert home_feed_newer_count(viewer=viewer, since=posts[-3].published_at) == 2
    assert home_feed_newer_count(viewer=viewer, since=START) == 50


def test_following_many_is_a_hint_that_changes_no_row(
    user, other_user, make_post, viewer_of, follow
):
    follow(user, other_user)
    posts = [make_post(other_user).pk for _ in range(3)]
    assert first_page(replace(viewer_of(user), follows_many=True)) == posts[::-1]


def test_the_access_token_says_who_follows_many(user, device):
    def hint():
        user.refresh_from_db()
        return access_token_read(session_start(user=user, device=device).access).viewer.follows_many

    assert hint() is False
    User.objects.filter(pk=user.pk).update(following_count=FOLLOWS_MANY + 1)
    assert hint() is True


def test_followed_tags_bring_public_posts_of_strangers_once(
    user, other_user, make_user, make_post, follow, relate, viewer_of
):
    private, muted = make_user(is_private=True), make_user()
    follow(user, other_user)
    relate(user, RelationKind.MUTE, muted)
    both = make_post(other_user, caption="#harbour")
    for author in (private, muted):
        make_post(author, caption="#harbour")
    make_post(make_user(), caption="#harbour", audience=Audience.FOLLOWERS)
    strange = make_post(make_user(), caption="#Harbour and #boats")
    assert first_page(viewer_of(user)) == [both.pk]
    for name in ("harbour", "boats"):
        tag_follow(user_id=user.pk, name=name)
    assert first_page(viewer_of(user)) == [strange.pk, both.pk]
    post_delete(actor_id=strange.author_id, post=strange)
    assert first_page(viewer_of(user)) == [both.pk]


def test_pages_stay_full_without_what_is_hidden(user, other_user, make_post, follow, viewer_of):
    follow(user, other_user)
    mine = make_post(user, caption="Spoiler of my own")
    shown = []
    for number in range(60):
        if number % 3:
            make_post(other_user, caption="A SPÓILER! here" if number % 2 else "#boats")
        else:
            shown.append(make_post(other_user, caption="spoilers are another word").pk)
    hidden_word_add(user_id=user.pk, word="spoiler")
    tag_mute(user_id=user.pk, name="boats")
    assert first_page(viewer_of(user)) == shown[:-21:-1]
    assert [r.id for r in read_all(viewer_of(user), 7)] == [*shown[::-1], mine.pk]
    since = Post.objects.get(pk=shown[-3]).published_at
    assert home_feed_newer_count(viewer=viewer_of(user), since=since) == 2
