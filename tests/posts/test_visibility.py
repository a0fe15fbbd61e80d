"""Who sees a post: one rule, the same for a single post, a profile, a list of saves and the feed."""

import pytest

from accounts.constants import FollowState, RelationKind, UserState
from accounts.models import Follow, User
from accounts.services import block_create, follow_end
from core.errors import NotFoundError
from core.viewer import anonymous
from posts.constants import OWN_STATES, Audience, PostState
from posts.models import Post
from posts.selectors import (
    home_feed,
    post_for,
    post_shape_by_code,
    post_shape_for,
    post_shapes,
    profile_posts,
    saved_posts,
)
from posts.services import post_save

pytestmark = pytest.mark.django_db
ALL = {audience.label for audience in Audience}
NONE = set()

# actor -> audiences that they see of a public and of a private account
MATRIX = {
    "anonymous": ({"public"}, NONE),
    "stranger": ({"public"}, NONE),
    "pending": ({"public"}, NONE),
    "blocked": (NONE, NONE),
    "blocker": (NONE, NONE),
    "muter": ({"public"}, NONE),
    "follower": ({"public", "followers"}, {"public", "followers"}),
    "close_friend": ({"public", "followers", "close_friends"},) * 2,
    "close_friend_who_left": ({"public"}, NONE),
    "staff": ({"public"}, NONE),
    "owner": (ALL, ALL),
}


@pytest.fixture
def actor(make_user, viewer_of, follow, relate):
    """`actor(name, author)`: a viewer who stands like this to the author."""

    def stand(name, person, author):
        if name in ("blocked", "blocker", "follower", "close_friend", "close_friend_who_left"):
            follow(person, author)
        if name.startswith("close_friend"):
            relate(author, RelationKind.CLOSE_FRIEND, person)
        if name == "close_friend_who_left":
            follow_end(follower_id=person.pk, followee_id=author.pk)
        if name == "muter":
            relate(person, RelationKind.MUTE, author)
        if name == "pending":
            Follow.objects.create(follower=person, followee=author, state=FollowState.REQUESTED)
            relate(author, RelationKind.CLOSE_FRIEND, person)

    def make(name, author):
        if name in ("anonymous", "owner"):
            return anonymous() if name == "anonymous" else viewer_of(author)
        person = make_user(role="moderator" if name == "staff" else "user")
        stand(name, person, author)
        if name in ("blocked", "blocker"):
            owner, target = (author, person) if name == "blocked" else (person, author)
            block_create(owner_id=owner.pk, target=target)
        return viewer_of(person)

    return make


def seen_one_by_one(viewer, posts):
    seen = set()
    for post in posts:
        try:
            found = post_for(viewer=viewer, post_id=post.pk)
        except NotFoundError:
            for read in (
                lambda post=post: post_shape_for(viewer=viewer, post_id=post.pk),
                lambda post=post: post_shape_by_code(viewer=viewer, shortcode=post.shortcode),
            ):
                with pytest.raises(NotFoundError):
                    read()
            continue
        assert found.pk == post.pk
        by_code = post_shape_by_code(viewer=viewer, shortcode=post.shortcode)
        assert by_code == post_shape_for(viewer=viewer, post_id=post.pk)
        seen.add(by_code["audience"])
    return seen


def page(read, **arguments):
    return read(position=None, is_backward=False, limit=20, **arguments)


@pytest.mark.parametrize("is_private", [False, True], ids=["public account", "private account"])
@pytest.mark.parametrize("name", MATRIX)
def test_every_read_shows_the_same_posts(name, is_private, make_user, make_post, actor):
    author = make_user(is_private=is_private)
    posts = [make_post(author, audience=audience) for audience in Audience]
    labels = {post.pk: Audience(post.audience).label for post in posts}
    viewer = actor(name, author)
    expected = MATRIX[name][is_private]

    assert seen_one_by_one(viewer, posts) == expected
    assert {labels[p.pk] for p in Post.objects.visible_to(viewer)} == expected
    assert {s["audience"] for s in post_shapes(viewer=viewer, post_ids=labels).values()} == expected
    try:
        rows = page(profile_posts, viewer=viewer, user_id=author.pk)
    except NotFoundError:
        rows = []
    assert {labels[row.id] for row in rows} == expected
    if viewer.is_authenticated:
        for post in posts:
            post_save(actor_id=viewer.pk, post=post)
        assert {labels[save.post_id] for save in saved_posts(viewer=viewer)} == expected
        feed = page(home_feed, viewer=viewer)
        is_followed = name in ("follower", "close_friend", "owner")
        assert {labels[row.id] for row in feed} == (expected if is_followed else NONE)


@pytest.mark.parametrize("name", ["anonymous", "stranger", "pending", "blocked", "staff"])
def test_the_grid_of_a_private_account_does_not_exist_for_who_may_not_see_it(
    name, make_user, make_post, actor
):
    author = make_user(is_private=True)
    make_post(author)
    with pytest.raises(NotFoundError):
        page(profile_posts, viewer=actor(name, author), user_id=author.pk)


def test_an_open_account_without_posts_has_an_empty_grid(user):
    assert page(profile_posts, viewer=anonymous(), user_id=user.pk) == []


@pytest.mark.parametrize("name", ["anonymous", "follower", "close_friend", "staff", "owner"])
@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.DEACTIVATED, UserState.DELETING])
def test_nothing_is_seen_of_an_account_that_is_not_shown(name, state, user, make_post, actor):
    post = make_post(user)
    viewer = actor(name, user)
    User.objects.filter(pk=user.pk).update(state=state)
    assert seen_one_by_one(viewer, [post]) == NONE
    assert post_shapes(viewer=viewer, post_ids=[post.pk]) == {}
    with pytest.raises(NotFoundError):
        page(profile_posts, viewer=viewer, user_id=user.pk)
    if viewer.is_authenticated:
        assert page(home_feed, viewer=viewer) == []


def test_a_limited_account_is_shown(user, make_post, viewer_of, other_user):
    post = make_post(user)
    User.objects.filter(pk=user.pk).update(state=UserState.LIMITED)
    assert post_for(viewer=viewer_of(other_user), post_id=post.pk) == post


@pytest.mark.parametrize("state", sorted(set(PostState) - {PostState.PUBLISHED}))
def test_what_is_not_published_is_in_no_list_and_only_its_author_opens_it(
    state, user, other_user, make_post, viewer_of
):
    post = make_post(user)
    dates = {"publish_at": post.published_at} if state == PostState.SCHEDULED else {}
    dates |= {"deleted_at": post.published_at} if state == PostState.DELETED else {}
    Post.objects.filter(pk=post.pk).update(state=state, **dates)
    for viewer in (viewer_of(other_user), anonymous()):
        assert seen_one_by_one(viewer, [post]) == NONE
    if state in OWN_STATES:
        assert post_shape_for(viewer=viewer_of(user), post_id=post.pk)["state"] == state
        with pytest.raises(NotFoundError):
            post_for(viewer=viewer_of(user), post_id=post.pk)
    else:
        assert seen_one_by_one(viewer_of(user), [post]) == NONE
    assert page(profile_posts, viewer=viewer_of(user), user_id=user.pk) == []
    assert page(home_feed, viewer=viewer_of(user)) == []
