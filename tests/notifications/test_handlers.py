"""What is told to whom: each event once, twice and swapped, and only while it is true."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.events import (
    FollowEnded,
    FollowRequestAccepted,
    FollowRequested,
    UserBlocked,
    UserFollowed,
)
from accounts.models import User
from accounts.services import (
    block_create,
    block_end,
    follow_create,
    follow_end,
    follow_request_accept,
    follow_request_decline,
)
from comments.events import (
    CommentCreated,
    CommentDeleted,
    CommentLiked,
    CommentReplied,
    CommentUnliked,
)
from comments.services import comment_delete, comment_like, comment_unlike
from core.events import subscribed_tasks
from notifications import handlers
from notifications.models import Notification, NotificationActor
from notifications.services import notifications_mark_seen
from posts.constants import Audience, PostState
from posts.events import (
    PostDeleted,
    PostEdited,
    PostLiked,
    PostPublished,
    PostUnliked,
    PostUntagged,
)
from posts.models import Post
from posts.services import post_delete, post_like, post_unlike
from tests.live import sockets_of


def like_events(post, actor):
    fields = {"post_id": post.pk, "author_id": post.author_id, "actor_id": actor.pk}
    return PostLiked(**fields), PostUnliked(**fields)


def see_all(person):
    newest = Notification.objects.filter(recipient=person).latest("updated_at")
    notifications_mark_seen(user_id=person.pk, up_to=newest.updated_at)


@pytest.mark.parametrize(
    "event",
    [
        UserFollowed,
        FollowRequested,
        FollowRequestAccepted,
        FollowEnded,
        UserBlocked,
        PostLiked,
        PostUnliked,
        PostPublished,
        PostEdited,
        PostUntagged,
        PostDeleted,
        CommentCreated,
        CommentReplied,
        CommentDeleted,
        CommentLiked,
        CommentUnliked,
    ],
)
def test_every_event_has_a_handler_here(event):
    here = [name for name in subscribed_tasks(event) if name.startswith("notifications.handlers.")]
    assert len(here) == 1


def test_a_like_is_told_to_the_author_of_the_post(post, user, other_user, told):
    post_like(actor_id=other_user.pk, post=post)
    (row,) = told(user)
    assert (row["type"], row["text"]) == ("post_like", f"{other_user.username} liked your post.")
    assert row["target"] == {
        "kind": "post",
        "id": str(post.pk),
        "shortcode": post.shortcode,
        "text": None,
        "preview_url": None,
    }
    assert [actor["id"] for actor in row["actors"]] == [str(other_user.pk)]
    assert (row["actors_count"], row["seen"], row["read"]) == (1, False, False)


def test_likes_of_one_post_are_one_notification(make_user, post, user, told):
    people = [make_user() for _ in range(5)]
    names = [person.username for person in people]
    for number, (person, text) in enumerate(
        zip(
            people,
            (
                f"{names[0]} liked your post.",
                f"{names[1]} and {names[0]} liked your post.",
                f"{names[2]} and 2 others liked your post.",
                f"{names[3]} and 3 others liked your post.",
                f"{names[4]} and 4 others liked your post.",
            ),
            strict=True,
        ),
        start=1,
    ):
        post_like(actor_id=person.pk, post=post)
        (row,) = told(user)
        assert (row["text"], row["actors_count"]) == (text, number)
    assert [actor["username"] for actor in row["actors"]] == names[:1:-1]


def test_likes_of_two_posts_are_two_notifications(make_post, user, other_user, texts):
    for _ in range(2):
        post_like(actor_id=other_user.pk, post=make_post(user))
    assert len(texts(user)) == 2


def test_a_like_told_twice_is_told_once_also_after_it_was_seen(post, user, other_user, told):
    post_like(actor_id=other_user.pk, post=post)
    liked, _ = like_events(post, other_user)
    for _ in range(2):
        handlers.on_post_liked(liked)
    assert [row["actors_count"] for row in told(user)] == [1]
    see_all(user)
    handlers.on_post_liked(liked)
    assert [(row["actors_count"], row["seen"]) for row in told(user)] == [(1, True)]


def test_a_like_taken_back_is_told_no_more_in_whatever_order_it_is_heard(
    make_user, post, user, other_user, texts
):
    post_like(actor_id=other_user.pk, post=post)
    other = make_user()
    post_like(actor_id=other.pk, post=post)
    assert len(texts(user)) == 1
    post_unlike(actor_id=other_user.pk, post=post)
    liked, unliked = like_events(post, other_user)
    handlers.on_post_unliked(unliked)
    handlers.on_post_liked(liked)
    handlers.on_post_unliked(unliked)
    assert texts(user) == [f"{other.username} liked your post."]
    assert Notification.objects.get().actors_count == 1
    post_unlike(actor_id=other.pk, post=post)
    assert texts(user) == []
    assert not Notification.objects.exists()


def test_a_like_given_again_is_told_when_undo_and_redo_are_heard_swapped(
    post, user, other_user, texts
):
    post_like(actor_id=other_user.pk, post=post)
    post_unlike(actor_id=other_user.pk, post=post)
    post_like(actor_id=other_user.pk, post=post)
    liked, unliked = like_events(post, other_user)
    handlers.on_post_liked(liked)
    handlers.on_post_unliked(unliked)
    assert texts(user) == [f"{other_user.username} liked your post."]
    assert NotificationActor.objects.count() == 1


def test_what_comes_after_the_group_was_seen_begins_a_new_one(
    make_user, post, user, other_user, told
):
    post_like(actor_id=other_user.pk, post=post)
    told(user)
    see_all(user)
    late = make_user()
    post_like(actor_id=late.pk, post=post)
    assert [(row["text"], row["seen"]) for row in told(user)] == [
        (f"{late.username} liked your post.", False),
        (f"{other_user.username} liked your post.", True),
    ]
    post_unlike(actor_id=other_user.pk, post=post)
    assert [row["seen"] for row in told(user)] == [False]


def test_nobody_is_told_of_what_they_did_themselves(post, user, say, texts):
    post_like(actor_id=user.pk, post=post)
    root = say(user, post)
    say(user, root)
    comment_like(actor_id=user.pk, comment=root)
    assert texts(user) == []


def test_a_comment_is_told_to_the_author_of_the_post_with_its_words(
    post, user, other_user, say, told
):
    comment = say(other_user, post, "Where\nis {who} that?")
    (row,) = told(user)
    assert row["text"] == f"{other_user.username} commented: “Where is {{who}} that?”"
    assert (row["type"], row["target"]["kind"]) == ("comment", "comment")
    assert (row["target"]["id"], row["target"]["shortcode"]) == (str(comment.pk), post.shortcode)
    assert row["target"]["text"] == "Where is {who} that?"


def test_long_words_are_cut(post, user, other_user, say, told):
    say(other_user, post, "x" * 141)
    (row,) = told(user)
    assert row["target"]["text"] == "x" * 139 + "…"


def test_each_comment_is_told_alone(post, user, other_user, say, texts):
    for words in ("One", "Two"):
        say(other_user, post, words)
    name = other_user.username
    assert texts(user) == [f"{name} commented: “Two”", f"{name} commented: “One”"]


def test_a_reply_is_told_once_to_each_whom_it_concerns(make_user, post, user, say, texts):
    first, second = make_user(), make_user()
    root = say(first, post, "Root")
    texts(user)
    see_all(user)
    reply = say(second, root, "Reply")
    assert texts(first) == [f"{second.username} replied to your comment: “Reply”"]
    assert texts(user)[0] == f"{second.username} commented: “Reply”"
    say(first, reply, "Answer")
    assert texts(second) == [f"{first.username} replied to your comment: “Answer”"]


def test_a_reply_to_the_author_of_the_post_is_told_as_a_reply_only(
    post, user, other_user, say, texts
):
    say(other_user, say(user, post), "Reply")
    assert texts(user) == [f"{other_user.username} replied to your comment: “Reply”"]


def test_comments_told_twice_and_after_their_end(post, user, other_user, say, texts):
    root = say(user, post, "Root")
    reply = say(other_user, root, "Reply")
    comment_like(actor_id=other_user.pk, comment=root)
    created = CommentCreated(comment_id=reply.pk, post_id=post.pk, author_id=other_user.pk)
    replied = CommentReplied(comment_id=reply.pk, parent_id=root.pk, author_id=other_user.pk)
    name = other_user.username
    for _ in range(2):
        handlers.on_comment_replied(replied)
        handlers.on_comment_created(created)
    assert texts(user) == [
        f"{name} liked your comment: “Root”",
        f"{name} replied to your comment: “Reply”",
    ]
    comment_delete(actor_id=user.pk, comment=root)
    deleted = CommentDeleted(comment_id=root.pk, post_id=post.pk)
    for _ in range(2):
        handlers.on_comment_deleted(deleted)
        handlers.on_comment_replied(replied)
        handlers.on_comment_liked(CommentLiked(comment_id=root.pk, actor_id=other_user.pk))
    assert texts(user) == []
    assert not Notification.objects.exists()


def test_the_end_of_a_comment_that_is_heard_before_it_happened_removes_nothing(
    post, user, other_user, say, texts
):
    comment = say(other_user, post, "Here")
    handlers.on_comment_created(
        CommentCreated(comment_id=comment.pk, post_id=post.pk, author_id=other_user.pk)
    )
    handlers.on_comment_deleted(CommentDeleted(comment_id=comment.pk, post_id=post.pk))
    handlers.on_post_deleted(PostDeleted(post_id=post.pk, author_id=user.pk))
    assert len(texts(user)) == 1


def test_likes_of_a_comment_are_one_notification_and_can_be_taken_back(
    make_user, post, user, other_user, say, texts
):
    comment = say(other_user, post, "Nice")
    people = [make_user(), make_user()]
    for person in people:
        comment_like(actor_id=person.pk, comment=comment)
    assert texts(other_user) == [
        f"{people[1].username} and {people[0].username} liked your comment: “Nice”"
    ]
    comment_unlike(actor_id=people[1].pk, comment=comment)
    assert texts(other_user) == [f"{people[0].username} liked your comment: “Nice”"]
    handlers.on_comment_liked(CommentLiked(comment_id=comment.pk, actor_id=people[1].pk))
    assert texts(other_user) == [f"{people[0].username} liked your comment: “Nice”"]


def test_events_about_rows_that_are_gone_do_nothing(db):
    handlers.on_comment_created(CommentCreated(comment_id=1, post_id=1, author_id=1))
    handlers.on_comment_replied(CommentReplied(comment_id=1, parent_id=1, author_id=1))
    handlers.on_comment_deleted(CommentDeleted(comment_id=1, post_id=1))
    handlers.on_comment_liked(CommentLiked(comment_id=1, actor_id=1))
    handlers.on_comment_unliked(CommentUnliked(comment_id=1, actor_id=1))
    handlers.on_post_liked(PostLiked(post_id=1, author_id=1, actor_id=2))
    handlers.on_post_unliked(PostUnliked(post_id=1, author_id=1, actor_id=2))
    handlers.on_post_deleted(PostDeleted(post_id=1, author_id=1))
    handlers.on_user_followed(UserFollowed(follower_id=1, followee_id=2))
    handlers.on_follow_requested(FollowRequested(follower_id=1, followee_id=2))
    handlers.on_follow_request_accepted(FollowRequestAccepted(follower_id=1, followee_id=2))
    handlers.on_follow_ended(FollowEnded(follower_id=1, followee_id=2))
    handlers.on_user_blocked(UserBlocked(blocker_id=1, blocked_id=2))
    assert not Notification.objects.exists()


def test_a_follow_is_told_and_its_end_takes_it_back(user, other_user, told):
    follow_create(follower_id=other_user.pk, followee=user)
    followed = UserFollowed(follower_id=other_user.pk, followee_id=user.pk)
    handlers.on_user_followed(followed)
    (row,) = told(user)
    assert (row["type"], row["text"]) == (
        "follow",
        f"{other_user.username} started following you.",
    )
    assert row["target"]["kind"] == "user"
    assert row["target"]["id"] == str(other_user.pk)
    follow_end(follower_id=other_user.pk, followee_id=user.pk)
    handlers.on_follow_ended(FollowEnded(follower_id=other_user.pk, followee_id=user.pk))
    handlers.on_user_followed(followed)
    assert told(user) == []


def test_a_late_end_does_not_take_a_new_follow_back(user, other_user, texts):
    follow_create(follower_id=other_user.pk, followee=user)
    texts(user)
    follow_end(follower_id=other_user.pk, followee_id=user.pk)
    follow_create(follower_id=other_user.pk, followee=user)
    handlers.on_follow_ended(FollowEnded(follower_id=other_user.pk, followee_id=user.pk))
    assert len(texts(user)) == 1


def test_a_request_waits_alone_and_goes_when_it_is_answered(make_user, told):
    private, first, second = make_user(is_private=True), make_user(), make_user()
    for person in (first, second):
        follow_create(follower_id=person.pk, followee=private)
    assert [(row["type"], row["text"]) for row in told(private)] == [
        ("follow_request", f"{second.username} asked to follow you."),
        ("follow_request", f"{first.username} asked to follow you."),
    ]
    follow_request_accept(followee_id=private.pk, follower_id=first.pk)
    follow_request_decline(followee_id=private.pk, follower_id=second.pk)
    assert told(private) == []
    assert [row["text"] for row in told(first)] == [
        f"{private.username} accepted your request to follow."
    ]
    assert told(second) == []


def test_an_answer_that_is_heard_before_the_request(make_user, texts):
    private, person = make_user(is_private=True), make_user()
    follow_create(follower_id=person.pk, followee=private)
    follow_request_accept(followee_id=private.pk, follower_id=person.pk)
    ids = {"follower_id": person.pk, "followee_id": private.pk}
    handlers.on_follow_request_accepted(FollowRequestAccepted(**ids))
    handlers.on_follow_requested(FollowRequested(**ids))
    assert (len(texts(person)), texts(private)) == (1, [])


def test_a_block_takes_both_out_of_each_others_notifications(
    make_user, post, user, other_user, say, told
):
    friend = make_user()
    for person in (friend, other_user):
        post_like(actor_id=person.pk, post=post)
        follow_create(follower_id=person.pk, followee=user)
    say(other_user, post, "Words")
    follow_create(follower_id=user.pk, followee=other_user)
    assert (len(told(user)), len(told(other_user))) == (3, 1)
    block_create(owner_id=other_user.pk, target=user)
    assert told(other_user) == []
    assert [(row["text"], row["actors_count"]) for row in told(user)] == [
        (f"{friend.username} started following you.", 1),
        (f"{friend.username} liked your post.", 1),
    ]
    assert not NotificationActor.objects.filter(actor=other_user).exists()


def test_a_block_that_has_ended_by_now_takes_nobody_out(post, user, other_user, texts):
    post_like(actor_id=other_user.pk, post=post)
    texts(user)
    block_create(owner_id=user.pk, target=other_user)
    block_end(owner_id=user.pk, target_id=other_user.pk)
    assert texts(user) == [f"{other_user.username} liked your post."]


def test_nothing_is_told_across_a_block(post, user, other_user, texts):
    post_like(actor_id=other_user.pk, post=post)
    block_create(owner_id=user.pk, target=other_user)
    assert texts(user) == []
    assert not Notification.objects.exists()


def test_nothing_is_told_about_what_the_recipient_may_not_see(
    make_user, make_post, user, other_user, say, texts
):
    """A comment on a post that became private to its reader; the reply to it is not theirs."""
    post, friend = make_post(user), make_user()
    root = say(other_user, post)
    Post.objects.filter(pk=post.pk).update(audience=Audience.FOLLOWERS)
    follow_create(follower_id=friend.pk, followee=user)
    say(friend, root, "Among friends")
    comment_like(actor_id=friend.pk, comment=root)
    assert texts(other_user) == []
    assert not Notification.objects.filter(recipient=other_user).exists()


def test_what_was_told_is_hidden_while_it_may_not_be_seen(post, user, other_user, say, texts):
    say(user, say(other_user, post), "Reply")
    assert len(texts(other_user)) == 1
    for state, seen in ((PostState.ARCHIVED, 0), (PostState.PUBLISHED, 1)):
        Post.objects.filter(pk=post.pk).update(state=state)
        assert len(texts(other_user)) == seen
    for state, seen in (("suspended", 0), ("active", 1)):
        User.objects.filter(pk=user.pk).update(state=state)
        assert len(texts(other_user)) == seen


def test_a_deleted_post_takes_all_about_it_along(post, user, other_user, say, texts):
    post_like(actor_id=other_user.pk, post=post)
    say(other_user, post)
    assert len(texts(user)) == 2
    post_delete(actor_id=user.pk, post=post)
    assert texts(user) == []
    assert not Notification.objects.exists()


def test_the_recipients_sockets_get_the_notification_and_the_badges(
    make_user, post, user, other_user, run_jobs, told, django_capture_on_commit_callbacks
):
    second = make_user()
    with sockets_of(user_ids=(user.pk, other_user.pk)) as received:
        for person in (other_user, second):
            post_like(actor_id=person.pk, post=post)
        with django_capture_on_commit_callbacks(execute=True):
            run_jobs()
        frames = received()
        with django_capture_on_commit_callbacks(execute=True):
            for person in (second, other_user):
                post_unlike(actor_id=person.pk, post=post)
                run_jobs()
        later = received()
    assert {tuple(keys) for keys, _, _ in (*frames, *later)} == {(f"u:{user.pk}",)}
    types = [type_ for _, type_, _ in frames]
    assert types == [
        "notification.created",
        "badges.updated",
        "notification.updated",
        "badges.updated",
    ]
    assert [data["actors_count"] for _, type_, data in frames if "notif" in type_] == [1, 2]
    assert (
        frames[0][2].keys()
        == frames[2][2].keys()
        == {
            "id",
            "type",
            "actors",
            "actors_count",
            "target",
            "text",
            "created_at",
            "updated_at",
            "seen",
            "read",
        }
    )
    assert frames[0][2]["created_at"].endswith("Z")
    assert frames[3][2]["notifications"] == 1
    assert [
        (type_, data.get("actors_count"), data.get("notifications")) for _, type_, data in later
    ] == [
        ("notification.updated", 1, None),
        ("badges.updated", None, 1),
        ("badges.updated", None, 0),
    ]


@pytest.mark.django_db(transaction=True)
def test_jobs_of_one_group_at_once_count_everybody_once(make_user, make_post):
    author = make_user()
    post, fans = make_post(author), [make_user() for _ in range(6)]
    gone = fans[0]
    for fan in fans:
        post_like(actor_id=fan.pk, post=post)
    post_unlike(actor_id=gone.pk, post=post)
    acts = [
        lambda e=e: handlers.on_post_liked(e)
        for fan in fans
        for e in like_events(post, fan)[:1] * 2
    ]
    acts += [lambda e=e: handlers.on_post_unliked(e) for e in like_events(post, gone)[1:] * 2]
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        errors = [done.exception() for done in [pool.submit(run, act) for act in acts]]
    assert errors == [None] * len(acts)
    (group,) = Notification.objects.all()
    assert group.actors_count == 5
    assert set(group.actors.values_list("actor", flat=True)) == {fan.pk for fan in fans[1:]}
