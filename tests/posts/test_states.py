"""Drafts, planned posts, the archive and pins: what each state allows, counts and tells."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.utils import timezone

from accounts.models import User
from core.errors import ApplicationError
from core.viewer import Viewer
from posts import constants, handlers
from posts.constants import PostState
from posts.models import Hashtag, Post
from posts.selectors import profile_posts
from posts.services import (
    post_archive,
    post_create,
    post_edit,
    post_pin,
    post_publish,
    post_unarchive,
    post_unpin,
    posts_publish_due,
)
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=5)


@pytest.fixture
def keep(user, make_media):
    """`keep(state)`: a draft or planned post of `user`."""

    def make(state=PostState.DRAFT, **options):
        if state == PostState.SCHEDULED:
            options.setdefault("publish_at", timezone.now() + SOON)
        media_ids = [make_media(user).pk]
        return post_create(author_id=user.pk, media_ids=media_ids, state=state, **options)

    return make


def posts_count(user):
    return User.objects.values_list("posts_count", flat=True).get(pk=user.pk)


def test_a_draft_may_be_without_pictures_and_is_told_to_nobody(user, published):
    draft = post_create(author_id=user.pk, media_ids=[], caption="#sea", state=PostState.DRAFT)
    assert (draft.state, draft.published_at, posts_count(user)) == (PostState.DRAFT, None, 0)
    assert published() == []
    assert not Hashtag.objects.exists()
    assert refusal(post_publish, actor_id=user.pk, post=draft) == (400, "invalid", ["media_ids"])


def test_a_draft_is_edited_without_a_history_and_published_once(user, keep, published):
    draft = keep(caption="One")
    post_edit(actor_id=user.pk, post=draft, caption="Two #sea")
    for _ in range(2):
        post_publish(actor_id=user.pk, post=draft)
    draft.refresh_from_db()
    assert (draft.state, draft.caption, draft.edited_at) == (PostState.PUBLISHED, "Two #sea", None)
    assert not draft.revisions.exists()
    assert posts_count(user) == 1
    assert published() == [("PostPublished", {"post_id": draft.pk, "author_id": user.pk})]
    assert Hashtag.objects.get().posts_count == 1


@pytest.mark.parametrize(
    ("state", "shift", "expected"),
    [
        (PostState.SCHEDULED, None, (400, "invalid", ["publish_at"])),
        (PostState.DRAFT, SOON, (400, "invalid", ["publish_at"])),
        (PostState.PUBLISHED, SOON, (400, "invalid", ["publish_at"])),
        (PostState.SCHEDULED, -SOON, (422, "publish_at_past", ["publish_at"])),
        (PostState.SCHEDULED, timedelta(days=366), (422, "publish_at_too_far", ["publish_at"])),
    ],
)
def test_only_a_planned_post_has_a_time_and_it_is_ahead(user, keep, state, shift, expected):
    at = None if shift is None else timezone.now() + shift
    media_ids = []
    if state != PostState.DRAFT:
        media_ids = [keep().media[0]["id"]]
    act = {"author_id": user.pk, "media_ids": media_ids, "state": state, "publish_at": at}
    assert refusal(post_create, **act) == expected


def test_a_draft_is_planned_put_off_and_taken_back(user, keep):
    draft, at = keep(), timezone.now() + SOON
    steps = [
        ({"publish_at": at}, (PostState.SCHEDULED, at)),
        ({"publish_at": at + SOON}, (PostState.SCHEDULED, at + SOON)),
        ({"state": PostState.SCHEDULED}, (PostState.SCHEDULED, at + SOON)),
        ({"state": PostState.DRAFT}, (PostState.DRAFT, None)),
        ({"state": PostState.SCHEDULED, "publish_at": at}, (PostState.SCHEDULED, at)),
        ({"publish_at": None}, (PostState.DRAFT, None)),
    ]
    for changes, expected in steps:
        post_edit(actor_id=user.pk, post=draft, **changes)
        draft.refresh_from_db()
        assert (draft.state, draft.publish_at) == expected
    empty = post_create(author_id=user.pk, media_ids=[], state=PostState.DRAFT)
    assert refusal(post_edit, actor_id=user.pk, post=empty, publish_at=at)[:2] == (400, "invalid")


def test_there_is_room_for_so_many_drafts_and_planned_posts(user, keep, monkeypatch):
    monkeypatch.setattr("posts.services.rules._KEPT_MAX", {
        PostState.DRAFT: 1, PostState.SCHEDULED: 1,
    })  # fmt: skip
    draft = keep()
    keep(PostState.SCHEDULED)
    for state, code in (("DRAFT", "too_many_drafts"), ("SCHEDULED", "too_many_scheduled")):
        with pytest.raises(ApplicationError) as caught:
            keep(PostState[state])
        assert (caught.value.status, caught.value.code) == (422, code)
    at = timezone.now() + SOON
    change = {"actor_id": user.pk, "post": draft, "publish_at": at}
    assert refusal(post_edit, **change)[:2] == (422, "too_many_scheduled")
    assert (constants.DRAFTS_MAX, constants.SCHEDULED_MAX) == (100, 100)


def test_a_planned_post_comes_out_at_its_time_and_once(user, keep, published):
    post = keep(PostState.SCHEDULED, caption="#dawn")
    assert posts_publish_due(now=post.publish_at - timedelta(seconds=1)) == 0
    handlers.publish_planned_posts()
    assert posts_publish_due(now=post.publish_at) == 1
    assert posts_publish_due(now=post.publish_at) == 0
    post.refresh_from_db()
    assert (post.state, post.publish_at) == (PostState.PUBLISHED, None)
    assert [name for name, _ in published()] == ["PostPublished"]
    assert posts_count(user) == 1


def test_one_broken_post_holds_no_other_up(user, keep, monkeypatch):
    broken, fine = keep(PostState.SCHEDULED), keep(PostState.SCHEDULED)
    at = fine.publish_at
    from posts.services import states  # noqa: PLC0415

    whole = states.go_out

    def go_out(post):
        if post.pk == broken.pk:
            raise RuntimeError("planted")
        whole(post)

    monkeypatch.setattr(states, "go_out", go_out)
    assert posts_publish_due(now=at) == 1
    broken.refresh_from_db()
    assert broken.state == PostState.SCHEDULED
    monkeypatch.undo()
    assert posts_publish_due(now=at) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_killed_one_publish_it_once(user, keep, published):
    post, now = keep(PostState.SCHEDULED), timezone.now() + SOON * 2
    died, done = [], []

    def killed():
        try:
            with transaction.atomic():
                assert posts_publish_due(now=now) == 1
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        except OperationalError as error:
            died.append(error)
        finally:
            connection.close()

    def works():
        try:
            done.append(posts_publish_due(now=now))
        finally:
            connection.close()

    run([killed])
    post.refresh_from_db()
    assert (len(died), post.state, published()) == (1, PostState.SCHEDULED, [])
    run([works] * 4)
    assert sorted(done) == [0, 0, 0, 1]
    assert [name for name, _ in published()] == ["PostPublished"]
    assert posts_count(user) == 1


def run(acts):
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_archive_takes_a_post_out_of_sight_and_back(user, make_post):
    post = make_post(user, caption="#sea")
    post_pin(actor_id=user.pk, post=post)
    at = post.published_at
    for _ in range(2):
        post_archive(actor_id=user.pk, post=post)
        assert (posts_count(user), Hashtag.objects.count()) == (0, 0)
    post.refresh_from_db()
    assert (post.state, post.pinned_pos) == (PostState.ARCHIVED, None)
    assert refusal(post_pin, actor_id=user.pk, post=post)[:2] == (409, "not_published")
    assert refusal(post_publish, actor_id=user.pk, post=post)[:2] == (409, "archived")
    for _ in range(2):
        post_unarchive(actor_id=user.pk, post=post)
        assert (posts_count(user), Hashtag.objects.get().posts_count) == (1, 1)
    post.refresh_from_db()
    assert (post.state, post.published_at) == (PostState.PUBLISHED, at)


def test_what_is_not_out_is_neither_archived_nor_pinned(user, keep):
    draft = keep()
    for act in (post_archive, post_unarchive, post_pin):
        assert refusal(act, actor_id=user.pk, post=draft)[:2] == (409, "not_published")


def grid(user, **where):
    page = {"position": None, "is_backward": False, "limit": 21, **where}
    return [row.id for row in profile_posts(viewer=Viewer(id=user.pk), user_id=user.pk, **page)]


def test_three_posts_are_pinned_and_a_fourth_is_not(user, make_post):
    one, two, three, four = (make_post(user) for _ in range(4))
    for post in (one, two, two, three):
        post_pin(actor_id=user.pk, post=post)
    assert grid(user) == [one.pk, two.pk, three.pk, four.pk]
    assert refusal(post_pin, actor_id=user.pk, post=four)[:2] == (422, "pin_limit")
    for _ in range(2):
        post_unpin(actor_id=user.pk, post=two)
    post_pin(actor_id=user.pk, post=four)
    assert grid(user) == [one.pk, four.pk, three.pk, two.pk]


@pytest.mark.parametrize("act", [post_publish, post_archive, post_unarchive, post_pin, post_unpin])
def test_only_the_author_moves_a_post(act, user, other_user, make_post):
    post = make_post(user)
    assert refusal(act, actor_id=other_user.pk, post=post)[:2] == (403, "not_author")
    assert Post.objects.filter(pk=post.pk, state="published", pinned_pos=None).exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_pins_and_archives_at_once_leave_right_numbers(user, make_post):
    posts, codes = [make_post(user) for _ in range(6)], []

    def act(post, service):
        def call():
            try:
                service(actor_id=user.pk, post=post)
            except ApplicationError as error:
                codes.append(error.code)
            finally:
                connection.close()

        return call

    run([act(post, post_pin) for post in posts] + [act(posts[0], post_archive)] * 5)
    assert Post.objects.filter(pinned_pos__isnull=False).count() <= 3
    assert set(codes) <= {"pin_limit", "not_published"}
    assert posts_count(user) == 5
