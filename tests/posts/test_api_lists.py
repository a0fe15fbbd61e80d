"""Pages of posts: feeds, profiles, saves and likers, as clients page through them."""

import pytest

from accounts.models import User
from posts.services import post_delete, post_like, post_save

pytestmark = pytest.mark.django_db


def walk(client, url, step="next"):
    """All pages from this address on, each as the ids in it."""
    pages = []
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        body = answer.json()
        assert set(body) == {"results", "next", "previous"}
        pages.append([row["id"] for row in body["results"]])
        url, last = body[step], url
    return pages, last


@pytest.fixture
def shelf(user, make_post):
    """Seven posts of `user`, the newest first, each saved and liked by themselves."""
    posts = [make_post(user) for _ in range(7)]
    for post in posts:
        post_save(actor_id=user.pk, post=post)
        post_like(actor_id=user.pk, post=post)
    return [str(post.pk) for post in reversed(posts)]


@pytest.mark.parametrize("path", ["feed/home", "users/{user}/posts", "me/saved", "me/liked"])
def test_a_list_is_read_to_its_end_and_back_without_gap_or_repeat(path, shelf, user, api):
    client = api(user)
    url = f"/api/v1/{path.format(user=user.pk)}?limit=3"
    pages, last = walk(client, url)
    assert pages == [shelf[:3], shelf[3:6], shelf[6:]]
    back, _ = walk(client, last, "previous")
    assert back == [shelf[6:], shelf[3:6], shelf[:3]]


@pytest.mark.parametrize("path", ["feed/home", "users/{user}/posts"])
def test_what_is_published_meanwhile_does_not_shift_a_page(path, shelf, user, api, make_post):
    client = api(user)
    first = client.get(f"/api/v1/{path.format(user=user.pk)}?limit=3").json()
    new = make_post(user)
    second = client.get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == shelf[3:6]
    before = client.get(second["previous"]).json()
    assert [row["id"] for row in before["results"]] == shelf[:3]
    newest = client.get(before["previous"]).json()
    assert [row["id"] for row in newest["results"]] == [str(new.pk)]


LISTS = ["feed/home", "users/{user}/posts", "me/saved", "me/liked", "posts/{post}/likes"]


BAD_QUERIES = {
    "limit=0": "invalid",
    "limit=51": "invalid",
    "limit=x": "invalid",
    "limit=99999999999999999999": "invalid",
    "cursor=": "invalid",
    "cursor=x": "bad_cursor",
    "cursor=cD0yMDI2LTAxLTAx": "bad_cursor",
    "cursor=%00": "invalid",
    "cursor=WyJuIixbXV0.AAAA": "bad_cursor",
    f"cursor={'a' * 501}": "invalid",
    "page=2": "unknown_field",
}


@pytest.mark.parametrize("path", LISTS)
def test_a_query_that_makes_no_sense_is_refused(path, user, api, make_post):
    client, url = api(user), f"/api/v1/{path.format(user=user.pk, post=make_post(user).pk)}"
    answers = {query: client.get(f"{url}?{query}") for query in BAD_QUERIES}
    assert {query: answer.json()["code"] for query, answer in answers.items()} == BAD_QUERIES
    assert {answer.status_code for answer in answers.values()} == {400}


def test_a_cursor_of_another_list_is_refused(shelf, user, api):
    client, cursors = api(user), {}
    for path in LISTS[:4]:
        body = client.get(f"/api/v1/{path.format(user=user.pk)}?limit=1").json()
        cursors[path] = body["next"].partition("cursor=")[2]
    for path in LISTS[:4]:
        for origin, cursor in cursors.items():
            answer = client.get(f"/api/v1/{path.format(user=user.pk)}?cursor={cursor}")
            assert answer.status_code == (200 if origin == path else 400)


def test_a_page_has_at_most_fifty_posts(user, api, make_post):
    for _ in range(51):
        make_post(user)
    for path in ("feed/home", f"users/{user.pk}/posts"):
        body = api(user).get(f"/api/v1/{path}?limit=50").json()
        assert len(body["results"]) == 50
        assert body["next"] is not None


def test_an_empty_list_has_no_further_page(user, api):
    for path in ("feed/home", f"users/{user.pk}/posts", "me/saved", "me/liked"):
        body = api(user).get(f"/api/v1/{path}").json()
        assert body == {"results": [], "next": None, "previous": None}


def test_a_deleted_post_leaves_every_list(shelf, user, api, make_post):
    post = make_post(user)
    post_save(actor_id=user.pk, post=post)
    post_delete(actor_id=user.pk, post=post)
    for path in ("feed/home", f"users/{user.pk}/posts", "me/saved", "me/liked"):
        pages, _ = walk(api(user), f"/api/v1/{path}")
        assert pages == [shelf]


def test_newer_posts_are_counted_since_the_newest_that_one_has(shelf, user, api, make_post):
    client = api(user)
    newest = client.get("/api/v1/feed/home").json()["results"][0]["published_at"]
    url = "/api/v1/feed/home/newer"
    assert client.get(url, {"since": newest}).json() == {"count": 0}
    make_post(user)
    make_post(user)
    assert client.get(url, {"since": newest}).json() == {"count": 2}
    for bad in ({}, {"since": "yesterday"}, {"since": "1"}, {"since": newest, "x": "1"}):
        assert client.get(url, bad).status_code == 400
    for far in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z"):
        assert client.get(url, {"since": far}).status_code in (200, 400)


def test_people_who_may_not_be_seen_are_not_among_the_likers(user, make_user, make_post, api):
    post = make_post(user)
    people = [make_user() for _ in range(3)]
    for person in people:
        post_like(actor_id=person.pk, post=post)
    User.objects.filter(pk=people[0].pk).update(state="suspended")
    api(people[1]).put(f"/api/v1/users/{people[2].pk}/block")
    url = f"/api/v1/posts/{post.pk}/likes"

    def seen(client):
        return [row["id"] for row in client.get(url).json()["results"]]

    assert seen(api()) == [str(people[2].pk), str(people[1].pk)]
    assert seen(api(people[1])) == [str(people[1].pk)]
    assert seen(api(people[2])) == [str(people[2].pk)]


def test_a_name_that_nobody_has_has_no_posts(api, user):
    for user_id in (user.pk + 10**6, "0", "x", 2**63):
        assert api().get(f"/api/v1/users/{user_id}/posts").status_code == 404
