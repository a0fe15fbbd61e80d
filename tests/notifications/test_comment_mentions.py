"""People named in a comment are told once, and what they are no longer named in is taken back."""

import pytest

from accounts.services import block_create
from comments.services import comment_create, comment_edit
from notifications.models import Notification
from posts.constants import Audience
from posts.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(make_user):
    return make_user("noor")


def told(run_jobs):
    run_jobs()
    return sorted(Notification.objects.values_list("type", "recipient__username"))


def write(author, post, body):
    return comment_create(actor_id=author.pk, post=Post.objects.get(pk=post.pk), body=body)


def test_who_is_named_is_told_and_the_author_of_the_post_only_once(
    user, other_user, named, make_post, run_jobs
):
    post = make_post(user)
    write(other_user, post, f"Look, @NOOR. and @{user.username}, @nobody.there")
    assert told(run_jobs) == [("comment", user.username), ("comment_mention", "noor")]


def test_editing_tells_who_is_new_and_takes_back_who_is_gone(
    user, named, make_user, make_post, run_jobs
):
    make_user("leo")
    comment = write(user, make_post(user), "@noor")
    assert told(run_jobs) == [("comment_mention", "noor")]
    comment_edit(actor_id=user.pk, comment=comment, body="@leo")
    assert told(run_jobs) == [("comment_mention", "leo")]


def test_nobody_is_told_of_what_they_may_not_see_or_of_themselves(
    user, other_user, named, make_post, run_jobs
):
    write(user, make_post(user, audience=Audience.ONLY_ME), "@noor")
    block_create(owner_id=named.pk, target=other_user)
    write(other_user, make_post(user), "@noor")
    write(named, make_post(named), "@noor")
    assert told(run_jobs) == [("comment", user.username)]
