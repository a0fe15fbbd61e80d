"""Counters that went wrong are counted anew, and right ones left alone."""

import pytest
from django.core.management import call_command

from accounts.models import User
from posts.models import Hashtag, Post
from posts.services import post_delete, post_like, post_save, posts_recount

pytestmark = pytest.mark.django_db


def test_what_is_off_is_mended_and_a_second_time_nothing_is(user, other_user, make_post, capsys):
    post, gone = make_post(user, caption="#sea"), make_post(user)
    post_like(actor_id=other_user.pk, post=post)
    post_save(actor_id=user.pk, post=post)
    post_delete(actor_id=user.pk, post=gone)
    assert posts_recount() == {
        "likes_count": 0,
        "saves_count": 0,
        "tag_posts_count": 0,
        "posts_count": 0,
    }
    Post.objects.update(likes_count=7, saves_count=9)
    User.objects.update(posts_count=5)
    Hashtag.objects.update(posts_count=3)
    call_command("counters", "recount")
    assert capsys.readouterr().out.splitlines() == [
        "likes_count: 2 mended",
        "saves_count: 2 mended",
        "tag_posts_count: 1 mended",
        "posts_count: 2 mended",
        "comments_count: 0 mended",
        "replies_count: 0 mended",
        "comment_likes_count: 0 mended",
        "followers_count: 0 mended",
        "following_count: 0 mended",
    ]
    post.refresh_from_db()
    user.refresh_from_db()
    assert (post.likes_count, post.saves_count, user.posts_count) == (1, 1, 1)
    assert Hashtag.objects.get().posts_count == 1
