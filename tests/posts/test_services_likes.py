"""Likes and saves: once each, counted right however many come at once."""

import threading

import pytest
from django.db import connection

from core.errors import NotFoundError
from posts.models import Like, Post, Save
from posts.services import (
    PostLikeState,
    post_comment_count_add,
    post_delete,
    post_like,
    post_save,
    post_unlike,
    post_unsave,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(user, make_post):
    return make_post(user)


def counts(post):
    return Post.objects.values_list("likes_count", "saves_count").get(pk=post.pk)


def test_the_first_like_counts_and_the_second_changes_nothing(other_user, post):
    for _ in range(2):
        state = post_like(actor_id=other_user.pk, post=post)
        assert state == PostLikeState(liked=True, likes_count=1)
        post.refresh_from_db()
    assert Like.objects.count() == 1


def test_a_like_taken_back_is_gone_and_again_changes_nothing(other_user, post):
    post_like(actor_id=other_user.pk, post=post)
    for _ in range(2):
        state = post_unlike(actor_id=other_user.pk, post=post)
        assert state == PostLikeState(liked=False, likes_count=0)
        post.refresh_from_db()
    assert counts(post) == (0, 0)


def test_saves_are_toggled_like_likes_and_apart_from_them(other_user, post):
    for _ in range(2):
        post_save(actor_id=other_user.pk, post=post)
    assert counts(post) == (0, 1)
    assert Save.objects.get().user_id == other_user.pk
    for _ in range(2):
        post_unsave(actor_id=other_user.pk, post=post)
    assert counts(post) == (0, 0)


def test_a_hidden_number_is_shown_to_the_author_alone(user, other_user, make_post):
    post = make_post(user, hide_like_count=True)
    assert post_like(actor_id=other_user.pk, post=post).likes_count is None
    assert post_like(actor_id=user.pk, post=post).likes_count == 2
    assert post_unlike(actor_id=other_user.pk, post=post).likes_count is None


def test_a_post_that_is_gone_by_now_takes_neither_like_nor_comment(user, other_user, post):
    post_delete(actor_id=user.pk, post=post)
    post_like(actor_id=other_user.pk, post=post)
    assert not Like.objects.exists()
    with pytest.raises(NotFoundError):
        post_comment_count_add(post_id=post.pk, step=1, is_new=True)


def test_comments_are_counted_up_and_down(post):
    post_comment_count_add(post_id=post.pk, step=1)
    post_comment_count_add(post_id=post.pk, step=2)
    post_comment_count_add(post_id=post.pk, step=-2)
    assert Post.objects.get(pk=post.pk).comments_count == 1


def test_likes_are_told_once_and_saves_to_nobody(user, other_user, post, published):
    for act in (post_like, post_like, post_save, post_unlike, post_unlike, post_unsave):
        act(actor_id=other_user.pk, post=post)
    ids = {"post_id": post.pk, "author_id": user.pk, "actor_id": other_user.pk}
    assert published() == [("PostLiked", ids), ("PostUnliked", ids)]


def at_once(count, act):
    """Run `act(index)` in so many threads, each on its own connection."""
    errors = []

    def run(index):
        try:
            act(index)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_likes_at_once_are_one(other_user, post):
    at_once(20, lambda _: post_like(actor_id=other_user.pk, post=post))
    assert counts(post) == (1, 0)
    assert Like.objects.count() == 1
    at_once(20, lambda _: post_unlike(actor_id=other_user.pk, post=post))
    assert counts(post) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_are_all_counted(make_user, post):
    people = [make_user() for _ in range(20)]
    at_once(20, lambda i: post_like(actor_id=people[i].pk, post=post))
    at_once(20, lambda i: post_save(actor_id=people[i].pk, post=post))
    assert counts(post) == (20, 20)
