"""Writing, editing and deleting comments: the rules, and counters that equal what stands."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.services import follow_create
from comments.constants import BODY_MAX, CommentState
from comments.events import CommentCreated, CommentDeleted, CommentReplied
from comments.handlers import purge_deleted_comments
from comments.models import Comment
from comments.selectors import comment_for
from comments.services import (
    comment_create,
    comment_delete,
    comment_edit,
    comment_like,
    comments_purge,
)
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.events import subscribed_tasks
from posts.constants import CommentsPolicy, PostState
from posts.models import Post
from tests.live import sockets_of


def counts(post):
    """(comments_count of the post, {root id: replies_count}) as stored."""
    roots = Comment.objects.standing().filter(post=post, root=None)
    number = Post.objects.get(pk=post.pk).comments_count
    return number, dict(roots.values_list("pk", "replies_count"))


def tasks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id")
        return [name for (name,) in cursor.fetchall()]


def test_a_comment_stands_and_is_counted(post, other_user, say):
    comment = say(other_user, post, "So good")
    assert (comment.body, comment.state, comment.root_id) == ("So good", "visible", None)
    assert counts(post) == (1, {comment.pk: 0})


def test_replies_to_replies_stay_in_the_thread_of_the_root(post, user, other_user, say):
    root = say(other_user, post)
    first = say(user, root)
    second = say(other_user, first)
    assert (first.root_id, first.parent_id) == (root.pk, root.pk)
    assert (second.root_id, second.parent_id) == (root.pk, first.pk)
    assert counts(post) == (3, {root.pk: 2})


def test_a_reply_to_a_comment_on_another_post_is_not_found(make_post, post, user, other_user, say):
    elsewhere = say(other_user, make_post(user))
    with pytest.raises(NotFoundError):
        comment_create(actor_id=user.pk, post=post, body="Hm", parent=elsewhere)
    assert counts(post) == (0, {})


def test_a_comment_and_a_reply_are_told_to_their_subscribers(post, user, other_user, say):
    root = say(other_user, post)
    assert tasks()[-len(subscribed_tasks(CommentCreated)) :] == list(
        subscribed_tasks(CommentCreated)
    )
    before = len(tasks())
    say(user, root)
    assert tasks()[before:] == [
        *subscribed_tasks(CommentCreated),
        *subscribed_tasks(CommentReplied),
    ]


@pytest.mark.parametrize(
    ("policy", "follows", "followed", "may"),
    [
        (CommentsPolicy.EVERYONE, False, False, True),
        (CommentsPolicy.FOLLOWERS, True, False, True),
        (CommentsPolicy.FOLLOWERS, False, True, False),
        (CommentsPolicy.FOLLOWED, False, True, True),
        (CommentsPolicy.FOLLOWED, True, False, False),
        (CommentsPolicy.NOBODY, True, True, False),
    ],
)
def test_the_policy_of_the_post_says_who_may_comment(
    make_post, user, other_user, policy, follows, followed, may
):
    post = make_post(user, comments_policy=policy)
    if follows:
        follow_create(follower_id=other_user.pk, followee=user)
    if followed:
        follow_create(follower_id=user.pk, followee=other_user)
    if may:
        comment_create(actor_id=other_user.pk, post=post, body="Hi")
    else:
        with pytest.raises(ForbiddenError) as refused:
            comment_create(actor_id=other_user.pk, post=post, body="Hi")
        assert refused.value.code == "comments_closed"
    assert counts(post)[0] == int(may)


@pytest.mark.parametrize(
    ("policy", "may"),
    [
        (CommentsPolicy.FOLLOWERS, True),
        (CommentsPolicy.FOLLOWED, True),
        (CommentsPolicy.NOBODY, False),
    ],
)
def test_the_author_is_kept_out_only_when_nobody_may_comment(make_post, user, policy, may):
    post = make_post(user, comments_policy=policy)
    if may:
        comment_create(actor_id=user.pk, post=post, body="Hi")
    else:
        with pytest.raises(ForbiddenError):
            comment_create(actor_id=user.pk, post=post, body="Hi")
    assert counts(post)[0] == int(may)


def test_a_request_to_follow_is_no_follow(make_user, make_post, other_user):
    private = make_user(is_private=True)
    post = make_post(private, comments_policy=CommentsPolicy.FOLLOWERS)
    follow_create(follower_id=other_user.pk, followee=private)
    with pytest.raises(ForbiddenError):
        comment_create(actor_id=other_user.pk, post=post, body="Hi")


def test_a_post_that_is_gone_by_now_takes_no_comment(post, other_user):
    Post.objects.filter(pk=post.pk).update(state=PostState.ARCHIVED)
    with pytest.raises(NotFoundError):
        comment_create(actor_id=other_user.pk, post=post, body="Hi")
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "invalid"),
        (" \n\t ", "invalid"),
        ("x" * (BODY_MAX + 1), "invalid"),
        ("a\0", "bad_text"),
    ],
)
def test_a_body_that_cannot_stand_is_refused(post, other_user, body, code):
    with pytest.raises(BadInputError) as refused:
        comment_create(actor_id=other_user.pk, post=post, body=body)
    assert (refused.value.code, refused.value.errors[0].field) == (code, "body")
    assert counts(post) == (0, {})


def test_a_body_that_grows_in_normal_form_is_measured_afterwards(post, other_user):
    composed = "\u0958"
    assert comment_create(
        actor_id=other_user.pk, post=post, body=composed * (BODY_MAX // 2)
    ).body == "\u0915\u093c" * (BODY_MAX // 2)
    with pytest.raises(BadInputError):
        comment_create(actor_id=other_user.pk, post=post, body=composed * BODY_MAX)


def test_editing_dates_the_comment_and_the_same_words_change_nothing(post, other_user, say):
    comment = say(other_user, post, "Frist")
    same = comment_edit(actor_id=other_user.pk, comment=comment, body=" Frist ")
    assert same.edited_at is None
    edited = comment_edit(actor_id=other_user.pk, comment=comment, body="First")
    assert edited.body == "First"
    again = comment_edit(actor_id=other_user.pk, comment=comment, body="First")
    assert (again.edited_at, again.edited_at is None) == (edited.edited_at, False)


def test_only_the_author_edits(post, user, other_user, say):
    comment = say(other_user, post, "Mine")
    with pytest.raises(ForbiddenError) as refused:
        comment_edit(actor_id=user.pk, comment=comment, body="Yours")
    assert refused.value.code == "not_author"
    assert Comment.objects.get(pk=comment.pk).body == "Mine"


def test_deleting_a_reply_lowers_both_counters_once(post, other_user, say):
    root = say(other_user, post)
    reply = say(other_user, root)
    reply.refresh_from_db()
    comment_delete(actor_id=other_user.pk, comment=reply)
    assert counts(post) == (1, {root.pk: 0})
    with pytest.raises(NotFoundError):
        comment_delete(actor_id=other_user.pk, comment=reply)
    assert counts(post) == (1, {root.pk: 0})


def test_deleting_a_root_takes_its_replies_along(post, user, other_user, say, viewer_of):
    root = say(other_user, post)
    reply = say(user, root)
    kept = say(user, post)
    comment_delete(actor_id=other_user.pk, comment=root)
    assert counts(post) == (1, {kept.pk: 0})
    for gone in (root, reply):
        with pytest.raises(NotFoundError):
            comment_for(viewer=viewer_of(user), comment_id=gone.pk)
        with pytest.raises(NotFoundError):
            comment_delete(actor_id=user.pk, comment=gone)
    assert counts(post) == (1, {kept.pk: 0})


def test_the_author_of_the_post_deletes_any_comment_and_a_stranger_none(
    make_user, post, user, other_user, say
):
    comment = say(other_user, post)
    with pytest.raises(ForbiddenError):
        comment_delete(actor_id=make_user().pk, comment=comment)
    assert counts(post) == (1, {comment.pk: 0})
    comment_delete(actor_id=user.pk, comment=comment)
    assert counts(post) == (0, {})


def test_deleting_is_told_once(post, other_user, say):
    comment = say(other_user, post)
    before = len(tasks())
    comment_delete(actor_id=other_user.pk, comment=comment)
    assert tasks()[before:] == list(subscribed_tasks(CommentDeleted))


def test_nobody_replies_to_a_thread_that_is_gone(post, user, other_user, say):
    root = say(other_user, post)
    reply = say(user, root)
    comment_delete(actor_id=user.pk, comment=reply)
    with pytest.raises(NotFoundError):
        comment_create(actor_id=other_user.pk, post=post, body="Late", parent=reply)
    comment_delete(actor_id=user.pk, comment=root)
    with pytest.raises(NotFoundError):
        comment_create(actor_id=other_user.pk, post=post, body="Late", parent=root)
    assert counts(post) == (0, {})


def test_deleted_comments_are_removed_for_good_after_a_month(post, user, other_user, say):
    root = say(other_user, post)
    comment_like(actor_id=user.pk, comment=root)
    say(user, root)
    kept = say(user, post)
    comment_delete(actor_id=user.pk, comment=root)
    now = timezone.now()
    assert comments_purge(now=now + timedelta(days=29)) == 0
    assert comments_purge(now=now + timedelta(days=31)) == 2
    assert comments_purge(now=now + timedelta(days=31)) == 0
    assert list(Comment.objects.values_list("pk", flat=True)) == [kept.pk]


def test_the_nightly_job_removes_all_that_is_old_enough(post, user, other_user, say):
    for comment in [say(other_user, post) for _ in range(3)]:
        comment_delete(actor_id=user.pk, comment=comment)
    purge_deleted_comments()
    assert Comment.objects.count() == 3
    Comment.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    purge_deleted_comments()
    assert not Comment.objects.exists()


def test_watchers_of_the_post_get_ids_and_counts_but_no_words(
    post, other_user, say, django_capture_on_commit_callbacks
):
    topic = f"post:{post.pk}"
    with sockets_of(topics=(topic,)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            root = say(other_user, post, "Secret words")
            reply = say(other_user, root)
        with django_capture_on_commit_callbacks(execute=True):
            comment_delete(actor_id=other_user.pk, comment=root)
        frames = received()
    ids = {"post_id": str(post.pk)}
    assert [(type_, data) for _, type_, data in frames] == [
        ("comment.created", {**ids, "comment_id": str(root.pk), "root_id": None}),
        ("post.counts", {**ids, "likes_count": 0, "comments_count": 1}),
        ("comment.created", {**ids, "comment_id": str(reply.pk), "root_id": str(root.pk)}),
        ("post.counts", {**ids, "likes_count": 0, "comments_count": 2}),
        ("comment.deleted", {**ids, "comment_id": str(root.pk), "root_id": None}),
        ("post.counts", {**ids, "likes_count": 0, "comments_count": 0}),
    ]
    assert {tuple(keys) for keys, _, _ in frames} == {(f"t:{topic}",)}


def test_a_hidden_number_of_likes_is_not_pushed(
    make_post, user, other_user, say, django_capture_on_commit_callbacks
):
    post = make_post(user, hide_like_count=True, likes_count=5)
    with sockets_of(topics=(f"post:{post.pk}",)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            say(other_user, post)
        assert received()[-1][2]["likes_count"] is None


def race(*acts):
    """Run each act in a thread and connection of its own, all at once; return what they raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        runs = [pool.submit(run, act) for act in acts]
        return [error for one in runs if (error := one.exception())]


@pytest.mark.django_db(transaction=True)
def test_replies_and_the_end_of_their_thread_at_once_leave_true_counters(make_user, make_post):
    author, guest = make_user(), make_user()
    post = make_post(author)
    kept = comment_create(actor_id=guest.pk, post=post, body="Kept")
    root = comment_create(actor_id=guest.pk, post=post, body="Root")
    old = comment_create(actor_id=guest.pk, post=post, body="Old", parent=root)

    def reply():
        comment_create(actor_id=guest.pk, post=post, body="Reply", parent=root)

    def delete(comment):
        return lambda: comment_delete(actor_id=author.pk, comment=comment)

    failures = race(reply, reply, delete(root), reply, delete(old), delete(root), reply)
    assert all(isinstance(error, NotFoundError) for error in failures), failures
    standing = Comment.objects.standing().filter(post=post)
    assert list(standing.values_list("pk", flat=True)) == [kept.pk]
    assert counts(post) == (1, {kept.pk: 0})
    assert not Comment.objects.filter(root=root).exclude(state=CommentState.DELETED).exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_replies_at_once_are_all_counted(make_user, make_post):
    author = make_user()
    post = make_post(author)
    root = comment_create(actor_id=author.pk, post=post, body="Root")

    def reply():
        comment_create(actor_id=author.pk, post=post, body="Reply", parent=root)

    assert race(*[reply] * 20) == []
    assert counts(post) == (21, {root.pk: 20})


@pytest.mark.django_db(transaction=True)
def test_twenty_likes_of_one_person_at_once_are_one(make_user, make_post):
    author, fan = make_user(), make_user()
    comment = comment_create(actor_id=author.pk, post=make_post(author), body="Root")

    def like():
        comment_like(actor_id=fan.pk, comment=comment)

    assert race(*[like] * 20) == []
    comment.refresh_from_db()
    assert (comment.likes_count, comment.likes.count()) == (1, 1)


def test_a_comment_that_is_gone_by_now_is_not_liked(post, user, other_user, say):
    comment = say(other_user, post)
    comment_delete(actor_id=user.pk, comment=comment)
    comment_like(actor_id=user.pk, comment=comment)
    assert not comment.likes.exists()
