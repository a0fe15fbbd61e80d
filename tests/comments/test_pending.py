"""Comments of people whom the post's author restricts wait: seen by two, counted by nobody."""

import pytest

from accounts.constants import RelationKind
from accounts.services import relation_end, relation_set
from comments.constants import CommentState
from comments.models import Comment
from comments.services import comment_approve, comment_delete, comments_recount
from core.errors import ForbiddenError, NotFoundError, RuleError
from notifications.models import Notification
from posts.models import Post
from tests.comments.test_services_comment import counts, race, tasks
from tests.live import sockets_of


@pytest.fixture
def restricted(user, other_user):
    """`other_user`, whom `user`, the author of the post, restricts."""
    relation_set(owner_id=user.pk, target=other_user, kind=RelationKind.RESTRICT)
    return other_user


def seen_by(api, person, post):
    answer = api(person).get(f"/api/v1/posts/{post.pk}/comments").json()["results"]
    return [(c["body"], c["state"], [r["body"] for r in c["replies"]]) for c in answer]


def test_only_its_author_and_the_posts_author_see_a_comment_that_waits(
    api, post, user, restricted, make_user, say
):
    say(make_user(), post, "Free")
    waiting = say(restricted, post, "Waiting")
    both = [("Waiting", "pending", []), ("Free", "visible", [])]
    assert seen_by(api, user, post) == seen_by(api, restricted, post) == both
    assert seen_by(api, make_user(), post) == seen_by(api, None, post) == both[1:]
    path = f"/api/v1/comments/{waiting.pk}"
    actors = (user, restricted, make_user(), None)
    assert [api(p).get(path).status_code for p in actors] == [200, 200, 404, 404]
    assert counts(post)[0] == 1


def test_a_comment_that_waits_is_told_to_nobody(
    post, restricted, say, run_jobs, django_capture_on_commit_callbacks
):
    before = tasks()
    with sockets_of(topics=(f"post:{post.pk}",)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            say(restricted, post)
        assert (tasks(), received()) == (before, [])
    run_jobs()
    assert not Notification.objects.exists()


def test_approving_counts_and_tells_once(
    api, post, user, restricted, say, run_jobs, django_capture_on_commit_callbacks
):
    waiting = say(restricted, post, "Waiting")
    path = f"/api/v1/comments/{waiting.pk}/approve"
    with sockets_of(topics=(f"post:{post.pk}",)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            answers = [api(user).post(path) for _ in range(2)]
        assert [type_ for _, type_, _ in received()] == ["comment.created", "post.counts"]
    assert [(a.status_code, a.json()["state"]) for a in answers] == [(200, "visible")] * 2
    assert counts(post)[0] == 1
    run_jobs()
    assert Notification.objects.get().recipient_id == user.pk


def test_nobody_but_the_posts_author_approves(api, post, restricted, make_user, say):
    waiting = say(restricted, post)
    path = f"/api/v1/comments/{waiting.pk}/approve"
    own = api(restricted).post(path)
    assert (own.status_code, own.json()["code"]) == (403, "not_post_author")
    assert api(make_user()).post(path).status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == CommentState.PENDING


def test_nothing_is_built_on_what_waits(api, post, user, restricted, say):
    waiting = say(restricted, post, "Waiting")
    client, path = api(user), f"/api/v1/comments/{waiting.pk}"
    body = {"body": "Hm", "parent_id": str(waiting.pk)}
    refused = [
        client.post(f"/api/v1/posts/{post.pk}/comments", body),
        client.put(f"{path}/like"),
        client.put(f"{path}/pin"),
    ]
    assert [(r.status_code, r.json()["code"]) for r in refused] == [(422, "comment_pending")] * 3
    assert not waiting.likes.exists()


def test_replies_below_what_waits_wait_for_it(post, user, restricted, say, api):
    root = say(restricted, post, "Root")
    reply = say(restricted, root, "Reply")
    reply = Comment.objects.select_related("post").get(pk=reply.pk)
    with pytest.raises(RuleError) as refused:
        comment_approve(actor_id=user.pk, comment=reply)
    assert refused.value.code == "comment_pending"
    comment_approve(actor_id=user.pk, comment=root)
    assert seen_by(api, restricted, post) == [("Root", "visible", ["Reply"])]
    assert counts(post) == (1, {root.pk: 0})
    comment_approve(actor_id=user.pk, comment=reply)
    assert counts(post) == (2, {root.pk: 1})


def test_a_waiting_reply_in_a_free_thread_shows_to_two_and_goes_with_the_root(
    api, post, user, restricted, make_user, say
):
    root = say(user, post, "Root")
    reply = say(restricted, root, "Reply")
    assert seen_by(api, restricted, post) == [("Root", "visible", ["Reply"])]
    assert seen_by(api, make_user(), post) == [("Root", "visible", [])]
    api(user).delete(f"/api/v1/comments/{root.pk}")
    reply.refresh_from_db()
    assert reply.state == CommentState.DELETED
    assert counts(post) == (0, {})


def test_both_may_delete_it_and_it_was_never_counted(api, post, user, restricted, say):
    before = [name for name in tasks() if name.startswith("notifications")]
    for person in (user, restricted):
        waiting = say(restricted, post)
        assert api(person).delete(f"/api/v1/comments/{waiting.pk}").status_code == 204
    assert counts(post)[0] == 0
    assert [name for name in tasks() if name.startswith("notifications")] == before


def test_unrestricting_frees_what_comes_and_not_what_waits(post, user, restricted, say):
    waiting = say(restricted, post)
    relation_end(owner_id=user.pk, target_id=restricted.pk, kind=RelationKind.RESTRICT)
    free = say(restricted, post)
    waiting.refresh_from_db()
    assert (waiting.state, free.state) == (CommentState.PENDING, CommentState.VISIBLE)


def test_restricting_says_nothing_about_posts_of_others(make_post, restricted, make_user, say):
    assert say(restricted, make_post(make_user())).state == CommentState.VISIBLE


@pytest.mark.django_db(transaction=True)
def test_approving_and_deleting_at_once_leave_true_counters(make_user, make_post):
    author, guest = make_user(), make_user()
    post = make_post(author)
    relation_set(owner_id=author.pk, target=guest, kind=RelationKind.RESTRICT)
    from_guest = [
        Comment.objects.create(post=post, author=guest, body="x", state=CommentState.PENDING)
        for _ in range(3)
    ]

    def approve(comment):
        return lambda: comment_approve(actor_id=author.pk, comment=comment)

    def delete(comment):

        return lambda: comment_delete(actor_id=author.pk, comment=comment)

    acts = [act(c) for c in from_guest for act in (approve, delete, approve)]
    assert all(isinstance(e, NotFoundError) for e in race(*acts))
    standing = Comment.objects.standing().filter(post=post).count()
    assert Post.objects.get(pk=post.pk).comments_count == standing
    assert comments_recount()["comments_count"] == 0


def test_only_the_posts_author_may_approve_in_the_service_too(post, restricted, say):
    with pytest.raises(ForbiddenError):
        comment_approve(actor_id=restricted.pk, comment=say(restricted, post))
