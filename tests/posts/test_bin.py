"""The bin: thirty days to take a post back, then it goes with everything that hangs on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from comments.services import comment_create
from media_storage.models import Media
from posts.constants import BIN_KEPT, PostState
from posts.models import Hashtag, Like, Post
from posts.services import (
    post_archive,
    post_create,
    post_delete,
    post_discard,
    post_like,
    post_remove,
    post_restore,
    posts_purge,
)
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db


def age(post, **by):
    Post.objects.filter(pk=post.pk).update(deleted_at=timezone.now() - BIN_KEPT - timedelta(**by))


def test_a_post_comes_back_as_it_was(user, other_user, make_post):
    post = make_post(user, caption="#sea")
    post_like(actor_id=other_user.pk, post=post)
    at = post.published_at
    post_delete(actor_id=user.pk, post=post)
    post.refresh_from_db()
    assert (post.state, post.deleted_from) == (PostState.DELETED, PostState.PUBLISHED)
    assert not Hashtag.objects.exists()
    post_restore(actor_id=user.pk, post=post)
    post.refresh_from_db()
    assert (post.state, post.published_at, post.likes_count) == (PostState.PUBLISHED, at, 1)
    assert (post.deleted_at, post.deleted_from) == (None, None)
    assert User.objects.get(pk=user.pk).posts_count == 1
    assert Hashtag.objects.get().posts_count == 1
    assert refusal(post_restore, actor_id=user.pk, post=post)[:2] == (404, "not_found")


def test_what_was_not_out_comes_back_to_where_it_was(user, make_post, make_media):
    archived = make_post(user)
    post_archive(actor_id=user.pk, post=archived)
    kept = {
        state: post_create(author_id=user.pk, media_ids=[make_media(user).pk], state=state,
                           publish_at=at)
        for state, at in (
            (PostState.DRAFT, None), (PostState.SCHEDULED, timezone.now() + timedelta(hours=1)),
        )
    }  # fmt: skip
    kept[PostState.ARCHIVED] = archived
    for state, post in kept.items():
        post_delete(actor_id=user.pk, post=post)
        post_restore(actor_id=user.pk, post=post)
        post.refresh_from_db()
        assert post.state == state
    assert User.objects.get(pk=user.pk).posts_count == 0


def test_a_planned_post_whose_time_passed_in_the_bin_is_a_draft(user, make_media):
    at = timezone.now() + timedelta(hours=1)
    post = post_create(author_id=user.pk, media_ids=[make_media(user).pk],
                       state=PostState.SCHEDULED, publish_at=at)  # fmt: skip
    post_delete(actor_id=user.pk, post=post)
    Post.objects.filter(pk=post.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    post_restore(actor_id=user.pk, post=post)
    post.refresh_from_db()
    assert (post.state, post.publish_at) == (PostState.DRAFT, None)


def test_the_bin_is_its_owners_alone(user, other_user, make_post):
    post = make_post(user)
    post_delete(actor_id=user.pk, post=post)
    for act in (post_restore, post_discard):
        assert refusal(act, actor_id=other_user.pk, post=post)[:2] == (403, "not_author")
    assert Post.objects.filter(pk=post.pk, state=PostState.DELETED).exists()


def test_what_moderators_removed_is_not_taken_back(user, make_post):
    removed, binned = make_post(user), make_post(user)
    post_remove(post_id=removed.pk)
    post_delete(actor_id=user.pk, post=binned)
    post_remove(post_id=binned.pk)
    for post in (removed, binned):
        assert refusal(post_restore, actor_id=user.pk, post=post)[:2] == (404, "not_found")


def test_after_its_time_a_post_goes_with_its_pictures_and_all_that_hangs_on_it(
    user, other_user, make_post
):
    old, young, standing = (make_post(user, caption=f"#{name}") for name in ("a", "b", "c"))
    post_like(actor_id=other_user.pk, post=old)
    comment_create(actor_id=other_user.pk, post=old, body="Lovely")
    for post in (old, young):
        post_delete(actor_id=user.pk, post=post)
    age(old, seconds=1)
    age(young, seconds=-60)
    assert posts_purge(now=timezone.now()) == 1
    assert posts_purge(now=timezone.now()) == 0
    assert set(Post.objects.values_list("pk", flat=True)) == {young.pk, standing.pk}
    assert not Like.objects.exists()
    assert Media.objects.count() == 2
    assert list(Hashtag.objects.values_list("name", flat=True)) == ["c"]


def test_a_post_can_be_thrown_out_of_the_bin_at_once(user, make_post):
    post = make_post(user)
    assert refusal(post_discard, actor_id=user.pk, post=post)[:2] == (404, "not_found")
    post_delete(actor_id=user.pk, post=post)
    post_discard(actor_id=user.pk, post=post)
    assert not Post.objects.exists()
    assert not Media.objects.exists()
    assert refusal(post_discard, actor_id=user.pk, post=post)[:2] == (404, "not_found")
