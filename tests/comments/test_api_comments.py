"""The routes of comments: shapes, pages, who may what, bad input, idempotence, queries."""

import pytest

from accounts.models import User
from accounts.services import block_create, follow_create
from comments.constants import COMMENT_LIMIT
from comments.models import Comment
from comments.services import comment_like
from posts.constants import LIKE_LIMIT, Audience, CommentsPolicy
from posts.models import Post


def url(post):
    return f"/api/v1/posts/{post.pk}/comments"


def bodies(answer):
    return [comment["body"] for comment in answer.json()["results"]]


def test_creating_answers_with_the_whole_comment(api, post, other_user):
    answer = api(other_user).post(url(post), {"body": "  What a sky  "})
    assert answer.status_code == 201
    stored = Comment.objects.get()
    assert answer.json() == {
        "id": str(stored.pk),
        "post_id": str(post.pk),
        "author": {
            "id": str(other_user.pk),
            "username": other_user.username,
            "display_name": other_user.display_name,
            "avatar_url": None,
            "is_private": False,
        },
        "body": "What a sky",
        "root_id": None,
        "parent_id": None,
        "created_at": stored.created_at.isoformat().replace("+00:00", "Z"),
        "edited_at": None,
        "pinned": False,
        "state": "visible",
        "likes_count": 0,
        "replies_count": 0,
        "viewer": {"liked": False, "own": True},
        "replies": [],
    }


def test_a_reply_names_root_and_parent(api, post, user, other_user, say):
    root = say(user, post)
    reply = say(user, root)
    answer = api(other_user).post(url(post), {"body": "Yes", "parent_id": str(reply.pk)})
    assert answer.status_code == 201
    assert (answer.json()["root_id"], answer.json()["parent_id"]) == (str(root.pk), str(reply.pk))


def test_the_list_gives_roots_newest_first_with_their_newest_two_replies(
    api, post, user, other_user, say
):
    first = say(other_user, post, "First")
    say(user, post, "Second")
    for number in range(3):
        say(user, first, f"Reply {number}")
    comment_like(actor_id=user.pk, comment=first)
    answer = api(user).get(url(post)).json()
    assert [c["body"] for c in answer["results"]] == ["Second", "First"]
    assert (answer["next"], answer["previous"]) == (None, None)
    root = answer["results"][1]
    assert [reply["body"] for reply in root["replies"]] == ["Reply 1", "Reply 2"]
    assert (root["replies_count"], root["likes_count"]) == (3, 1)
    assert root["viewer"] == {"liked": True, "own": False}
    assert root["replies"][0]["viewer"] == {"liked": False, "own": True}
    assert root["replies"][0]["replies"] == []
    assert api(other_user).get(url(post)).json()["results"][1]["viewer"]["liked"] is False


def test_anybody_reads_the_comments_of_a_public_post(api, post, other_user, say):
    comment = say(other_user, post)
    for path in (url(post), f"/api/v1/comments/{comment.pk}/replies"):
        assert api().get(path).status_code == 200
    assert api().get(f"/api/v1/comments/{comment.pk}").json()["viewer"] == {
        "liked": False,
        "own": False,
    }


def test_pages_go_forwards_and_back_without_a_gap(api, post, other_user, say):
    for number in range(7):
        say(other_user, post, str(number))
    client = api(other_user)
    first = client.get(f"{url(post)}?limit=3")
    second = client.get(first.json()["next"])
    third = client.get(second.json()["next"])
    assert [bodies(page) for page in (first, second, third)] == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["0"],
    ]
    assert (first.json()["previous"], third.json()["next"]) == (None, None)
    assert bodies(client.get(third.json()["previous"])) == ["3", "2", "1"]
    assert bodies(client.get(second.json()["previous"])) == ["6", "5", "4"]


def test_top_puts_the_most_liked_first_and_pages_through_equals(
    api, make_user, post, user, other_user, say
):
    plain, once, twice, also_once = (say(user, post, body) for body in ("0", "1a", "2", "1b"))
    for person, comments in ((user, (once, twice)), (other_user, (twice, also_once))):
        for comment in comments:
            comment_like(actor_id=person.pk, comment=comment)
    client = api(user)
    first = client.get(f"{url(post)}?sort=top&limit=2")
    assert bodies(first) == ["2", "1b"]
    second = client.get(first.json()["next"])
    assert bodies(second) == ["1a", "0"]
    assert bodies(client.get(second.json()["previous"])) == ["2", "1b"]
    assert plain.likes_count == 0


def test_replies_are_given_oldest_first(api, post, user, other_user, say):
    root = say(user, post)
    for number in range(5):
        say(other_user, root, str(number))
    client = api(user)
    first = client.get(f"/api/v1/comments/{root.pk}/replies?limit=2")
    second = client.get(first.json()["next"])
    assert (bodies(first), bodies(second)) == (["0", "1"], ["2", "3"])
    assert bodies(client.get(second.json()["previous"])) == ["0", "1"]


def test_editing_and_deleting(api, post, other_user, say):
    comment = say(other_user, post, "Teh")
    client, path = api(other_user), f"/api/v1/comments/{comment.pk}"
    edited = client.patch(path, {"body": "The"})
    assert (edited.status_code, edited.json()["body"]) == (200, "The")
    assert edited.json()["edited_at"] is not None
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    assert client.get(path).status_code == 404
    assert Post.objects.get(pk=post.pk).comments_count == 0


def test_liking_twice_counts_once_and_so_does_taking_it_back(api, post, user, other_user, say):
    comment = say(other_user, post)
    client, path = api(user), f"/api/v1/comments/{comment.pk}/like"
    for _ in range(2):
        assert client.put(path).json() == {"liked": True, "likes_count": 1}
    assert [p["id"] for p in client.get(f"{path}s").json()["results"]] == [str(user.pk)]
    for _ in range(2):
        assert client.delete(path).json() == {"liked": False, "likes_count": 0}
    assert client.get(f"{path}s").json()["results"] == []


@pytest.fixture
def actors(make_user, user):
    """Whoever might ask for something of `user`: a stranger to them is `stranger`."""
    follower, pending, blocked, blocking = (make_user() for _ in range(4))
    follow_create(follower_id=follower.pk, followee=user)
    block_create(owner_id=user.pk, target=blocked)
    block_create(owner_id=blocking.pk, target=user)
    User.objects.filter(pk=user.pk).update(is_private=True)
    user.refresh_from_db()
    follow_create(follower_id=pending.pk, followee=user)
    return {
        "anonymous": None,
        "stranger": make_user(),
        "pending": pending,
        "follower": follower,
        "blocked": blocked,
        "blocking": blocking,
        "owner": user,
    }


READS = (
    ("GET", "/api/v1/posts/{post}/comments"),
    ("GET", "/api/v1/comments/{comment}"),
    ("GET", "/api/v1/comments/{comment}/replies"),
    ("GET", "/api/v1/comments/{comment}/likes"),
)
WRITES = (
    ("POST", "/api/v1/posts/{post}/comments"),
    ("PUT", "/api/v1/comments/{comment}/like"),
    ("DELETE", "/api/v1/comments/{comment}/like"),
    ("PATCH", "/api/v1/comments/{comment}"),
    ("DELETE", "/api/v1/comments/{comment}"),
)


@pytest.mark.parametrize("who", ["anonymous", "stranger", "pending", "blocked", "blocking"])
@pytest.mark.parametrize(("method", "path"), READS + WRITES)
def test_what_may_not_be_seen_does_not_exist(api, actors, make_post, user, say, who, method, path):
    post = make_post(user)
    comment = say(user, post)
    answer = api(actors[who]).generic(
        method,
        path.format(post=post.pk, comment=comment.pk),
        '{"body": "Hi"}' if method in ("POST", "PATCH") else "",
        content_type="application/json",
    )
    is_write = (method, path) in WRITES
    assert answer.status_code == (401 if who == "anonymous" and is_write else 404)
    assert (Comment.objects.count(), Comment.objects.get().likes_count) == (1, 0)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("follower", [200] * 4 + [201, 200, 200, 403, 403]),
        ("owner", [200] * 4 + [201] + [200] * 3 + [204]),
    ],
)
def test_who_may_see_the_post_reads_and_writes(api, actors, make_post, user, say, who, expected):
    post = make_post(user)
    comment = say(user, post)
    client = api(actors[who])
    got = [
        client.generic(
            method,
            path.format(post=post.pk, comment=comment.pk),
            '{"body": "Hi"}' if method in ("POST", "PATCH") else "",
            content_type="application/json",
        ).status_code
        for method, path in READS + WRITES
    ]
    assert got == expected


def test_blocked_and_suspended_authors_are_hidden_with_all_below_them(
    api, make_user, post, user, other_user, say
):
    blocked, suspended = make_user(), make_user()
    hidden_roots = [say(person, post, "Hidden root") for person in (blocked, suspended)]
    below = [say(user, root, "Below") for root in hidden_roots]
    root = say(user, post, "Root")
    for person in (blocked, suspended):
        say(person, root, "Hidden reply")
    visible = say(user, root, "Reply")
    block_create(owner_id=other_user.pk, target=blocked)
    User.objects.filter(pk=suspended.pk).update(state="suspended")
    client = api(other_user)
    (only,) = client.get(url(post)).json()["results"]
    assert only["body"] == "Root"
    assert [reply["id"] for reply in only["replies"]] == [str(visible.pk)]
    assert bodies(client.get(f"/api/v1/comments/{root.pk}/replies")) == ["Reply"]
    for hidden in (*hidden_roots, *below):
        assert client.get(f"/api/v1/comments/{hidden.pk}").status_code == 404
        assert client.get(f"/api/v1/comments/{hidden.pk}/replies").status_code == 404
    # The number on the post is the same for everybody, so it tells nobody who blocked whom.
    assert Post.objects.get(pk=post.pk).comments_count == 8


def test_likers_that_the_viewer_may_not_see_are_left_out(
    api, make_user, post, user, other_user, say
):
    comment, blocked = say(user, post), make_user()
    for person in (blocked, other_user):
        comment_like(actor_id=person.pk, comment=comment)
    block_create(owner_id=blocked.pk, target=user)
    likers = api(user).get(f"/api/v1/comments/{comment.pk}/likes").json()["results"]
    assert [person["username"] for person in likers] == [other_user.username]


def test_comments_follow_the_audience_of_the_post(api, make_post, user, other_user, say):
    post = make_post(user, audience=Audience.ONLY_ME)
    comment = say(user, post)
    assert api(other_user).get(f"/api/v1/comments/{comment.pk}").status_code == 404
    assert api(user).get(f"/api/v1/comments/{comment.pk}").status_code == 200


def test_a_closed_post_says_so(api, make_post, user, other_user):
    post = make_post(user, comments_policy=CommentsPolicy.NOBODY)
    answer = api(other_user).post(url(post), {"body": "Hi"})
    assert (answer.status_code, answer.json()["code"]) == (403, "comments_closed")


def test_a_parent_on_another_post_is_not_found(api, make_post, post, user, other_user, say):
    elsewhere = say(user, make_post(user))
    answer = api(other_user).post(url(post), {"body": "Hi", "parent_id": str(elsewhere.pk)})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "invalid", "body"),
        ({"body": ""}, "invalid", "body"),
        ({"body": "  "}, "invalid", "body"),
        ({"body": "x" * 2201}, "invalid", "body"),
        ({"body": "a\0b"}, "invalid", "body"),
        ({"body": None}, "invalid", "body"),
        ({"body": ["a"]}, "invalid", "body"),
        ({"body": "a", "parent_id": 7}, "invalid", "parent_id"),
        ({"body": "a", "parent_id": "07"}, "invalid", "parent_id"),
        ({"body": "a", "parent_id": "9" * 19}, "invalid", "parent_id"),
        ({"body": "a", "parent_id": "x"}, "invalid", "parent_id"),
        ({"body": "a", "state": "visible"}, "unknown_field", "state"),
    ],
)
def test_bad_bodies_are_refused_by_name(api, post, other_user, body, code, field):
    answer = api(other_user).post(url(post), body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["errors"][0]["field"] == field
    assert not Comment.objects.exists()


@pytest.mark.parametrize("query", ["sort=best", "limit=0", "limit=51", "cursor=x", "author=1"])
def test_bad_queries_are_refused(api, post, query):
    assert api().get(f"{url(post)}?{query}").status_code == 400


def test_a_cursor_of_one_order_is_none_of_the_other(api, post, other_user, say):
    for _ in range(2):
        say(other_user, post)
    client = api(other_user)
    after = client.get(f"{url(post)}?limit=1").json()["next"]
    answer = client.get(f"{after}&sort=top")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("comment_id", ["0", "01", "x", str(2**63), "-1"])
def test_ids_that_no_comment_has_are_not_found(api, user, comment_id):
    assert api(user).get(f"/api/v1/comments/{comment_id}").status_code == 404


def test_the_same_key_comments_once(api, post, other_user):
    client = api(other_user)
    headers = {"Idempotency-Key": "abc"}
    first = client.post(url(post), {"body": "Once"}, headers=headers)
    second = client.post(url(post), {"body": "Once"}, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = client.post(url(post), {"body": "Twice"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert Post.objects.get(pk=post.pk).comments_count == 1


def test_the_hourly_limit_of_comments(api, post, other_user, settings):
    settings.RATE_LIMIT_SCALE = 2 / COMMENT_LIMIT.count
    client = api(other_user)
    codes = [client.post(url(post), {"body": str(n)}).status_code for n in range(3)]
    assert codes == [201, 201, 429]


def test_likes_of_comments_and_of_posts_share_one_hourly_limit(api, post, user, say, settings):
    comment = say(user, post)
    settings.RATE_LIMIT_SCALE = 2 / LIKE_LIMIT.count
    client = api(user)
    paths = (f"/api/v1/posts/{post.pk}/like", *[f"/api/v1/comments/{comment.pk}/like"] * 2)
    assert [client.put(path).status_code for path in paths] == [200, 200, 429]


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_needs_one_query_however_long_it_is(
    api, post, user, other_user, say, django_assert_num_queries, rows
):
    for number in range(rows):
        root = say(other_user, post, str(number))
        say(user, root)
        say(user, root)
    client = api(user)
    client.get(url(post))
    # The roots of a visible post and their replies; who asks costs none.
    for sort in ("newest", "top"):
        with django_assert_num_queries(1):
            assert len(client.get(f"{url(post)}?sort={sort}").json()["results"]) == rows


@pytest.mark.parametrize("rows", [1, 20])
def test_replies_and_likes_need_as_many_queries_for_one_as_for_twenty(
    api, make_user, post, user, say, django_assert_num_queries, rows
):
    root = say(user, post)
    for _ in range(rows):
        person = make_user()
        say(person, root)
        comment_like(actor_id=person.pk, comment=root)
    client = api(user)
    for name in ("replies", "likes"):
        client.get(f"/api/v1/comments/{root.pk}/{name}")
        with django_assert_num_queries(2):
            answer = client.get(f"/api/v1/comments/{root.pk}/{name}")
        assert len(answer.json()["results"]) == rows
