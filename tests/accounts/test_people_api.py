"""Profiles, follows, requests and blocks as each side sees them."""

import threading

import pytest
from django.db import connection

from accounts.constants import FollowState, RelationKind
from accounts.models import Follow, Relation, User
from accounts.services import block_create, follow_create, profile_update

pytestmark = pytest.mark.django_db


def url(person, tail=""):
    return f"/api/v1/users/{person.pk}{tail}"


def counts(person):
    person.refresh_from_db()
    return person.followers_count, person.following_count


def test_following_a_public_account_counts_once_however_often_it_is_done(api, user, other_user):
    client = api(user)
    for _ in range(2):
        assert client.put(url(other_user, "/follow")).json() == {"state": "following"}
    assert (counts(user), counts(other_user)) == ((0, 1), (1, 0))
    for _ in range(2):
        assert client.delete(url(other_user, "/follow")).json() == {"state": "none"}
    assert (counts(user), counts(other_user)) == ((0, 0), (0, 0))


def test_following_a_private_account_asks_and_counts_nothing_until_it_is_accepted(
    api, user, make_user
):
    private = make_user(is_private=True)
    assert api(user).put(url(private, "/follow")).json() == {"state": "requested"}
    assert counts(private) == (0, 0)
    assert api(user).get(url(private, "/followers")).status_code == 404
    waiting = api(private).get("/api/v1/me/follow-requests").json()["results"]
    assert [p["id"] for p in waiting] == [str(user.pk)]
    accept = f"/api/v1/follow-requests/{user.pk}/accept"
    assert [api(private).post(accept, {}).status_code for _ in range(2)] == [204, 404]
    assert counts(private) == (1, 0)
    assert api(user).get(url(private, "/followers")).status_code == 200


def test_a_declined_request_leaves_nothing(api, user, make_user):
    private = make_user(is_private=True)
    api(user).put(url(private, "/follow"))
    decline = f"/api/v1/follow-requests/{user.pk}/decline"
    assert [api(private).post(decline, {}).status_code for _ in range(2)] == [204, 404]
    assert not Follow.objects.exists()


def test_nobody_accepts_a_request_that_was_made_to_another(api, user, other_user, make_user):
    private = make_user(is_private=True)
    api(user).put(url(private, "/follow"))
    accept = f"/api/v1/follow-requests/{user.pk}/accept"
    assert api(other_user).post(accept, {}).status_code == 404
    assert api(user).post(f"/api/v1/follow-requests/{private.pk}/accept", {}).status_code == 404
    assert Follow.objects.get().state == FollowState.REQUESTED


def test_an_account_that_becomes_public_lets_those_who_wait_in(user, make_user):
    private = make_user(is_private=True)
    follow_create(follower_id=user.pk, followee=private)
    profile_update(user_id=private.pk, is_private=False)
    assert Follow.objects.get().state == FollowState.ACTIVE
    assert (counts(user), counts(private)) == ((0, 1), (1, 0))


@pytest.mark.parametrize("route", ["/follow", "/block"])
def test_one_cannot_do_it_to_oneself(api, user, route):
    answer = api(user).put(url(user, route))
    assert (answer.status_code, answer.json()["code"]) == (422, f"{route[1:]}_self")


def test_a_block_ends_both_follows_and_hides_each_from_the_other(api, user, other_user):
    follow_create(follower_id=user.pk, followee=other_user)
    follow_create(follower_id=other_user.pk, followee=user)
    for _ in range(2):
        assert api(user).put(url(other_user, "/block")).json() == {"blocking": True}
    assert (counts(user), counts(other_user)) == ((0, 0), (0, 0))
    for one, other in ((user, other_user), (other_user, user)):
        client = api(one)
        hidden = client.get(url(other))
        absent = client.get("/api/v1/users/999999")
        assert hidden.status_code == absent.status_code == 404
        assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}
        assert client.put(url(other, "/follow")).status_code == 404
    listed = api(user).get("/api/v1/me/blocks").json()["results"]
    assert [p["username"] for p in listed] == [other_user.username]
    assert api(user).delete(url(other_user, "/block")).json() == {"blocking": False}
    assert api(user).get(url(other_user)).json()["relationship"]["following"] is False


def test_the_blocked_one_can_block_back(api, user, other_user):
    block_create(owner_id=user.pk, target=other_user)
    assert api(other_user).put(url(user, "/block")).status_code == 200
    assert Relation.objects.filter(kind=RelationKind.BLOCK).count() == 2


def test_a_profile_says_how_the_two_stand(api, user, other_user):
    follow_create(follower_id=other_user.pk, followee=user)
    answer = api(user).get("/api/v1/users/lookup", {"username": other_user.username.upper()})
    assert answer.json()["relationship"] == {
        "following": False,
        "requested": False,
        "followed_by": True,
        "blocking": False,
        "muting": False,
        "restricted": False,
        "close_friend": False,
    }
    assert api().get(url(other_user)).json()["relationship"] is None


def test_nobody_elses_answer_carries_an_address_or_a_role(api, user, other_user):
    body = api(user).get(url(other_user)).json()
    assert set(body) == {
        "id", "username", "display_name", "avatar_url", "is_private", "bio", "pronouns", "links",
        "posts_count", "followers_count", "following_count", "created_at", "relationship",
    }  # fmt: skip


def test_a_suspended_person_is_gone_from_profiles_and_lists(api, user, other_user):
    follow_create(follower_id=user.pk, followee=other_user)
    User.objects.filter(pk=user.pk).update(state="suspended")
    assert api(other_user).get(url(user)).status_code == 404
    assert api(other_user).get(url(other_user, "/followers")).json()["results"] == []


def test_a_profile_changes_by_what_is_given_and_nothing_else(api, user):
    body = {"display_name": "Maya", "links": ["https://example.org/x"]}
    assert api(user).patch("/api/v1/me", body).json()["display_name"] == "Maya"
    answer = api(user).patch("/api/v1/me", {"bio": "  Light.\nMore light. "}).json()
    assert (answer["display_name"], answer["bio"]) == ("Maya", "Light.\nMore light.")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"role": "admin"}, "unknown_field"),
        ({"email": "a@example.org"}, "unknown_field"),
        ({"followers_count": 9}, "unknown_field"),
        ({"bio": "x" * 501}, "max_length"),
        ({"links": ["javascript:alert(1)"]}, "bad_link"),
        ({"links": ["https://[::1"]}, "bad_link"),
        ({"links": ["https://e.org"] * 6}, "max_length"),
        ({"links": "https://e.org"}, "not_a_list"),
        ({"is_private": "perhaps"}, "invalid"),
        ({"display_name": ["x"]}, "invalid"),
    ],
)
def test_a_profile_refuses_what_is_not_its_own(api, user, body, code):
    answer = api(user).patch("/api/v1/me", body)
    assert answer.status_code == 400
    assert [e["code"] for e in answer.json()["errors"]] == [code]


def test_lists_page_by_cursor_without_gap_or_repeat(api, user, make_user):
    people = [make_user() for _ in range(5)]
    for person in people:
        follow_create(follower_id=person.pk, followee=user)
    seen, next_url = [], url(user, "/followers?limit=2")
    while next_url:
        page = api(people[0]).get(next_url).json()
        seen += [p["id"] for p in page["results"]]
        next_url = page["next"]
    assert seen == [str(p.pk) for p in reversed(people)]
    back = api(user).get(page["previous"]).json()
    assert [p["id"] for p in back["results"]] == seen[2:4]


@pytest.mark.parametrize(
    "query",
    ["cursor=x", "cursor=cD0yMDI2LTAxLTAx", "cursor=.", "cursor=%00", "limit=0", "limit=51",
     "limit=x", "page=2", "q=" + "x" * 101],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_400(api, user, query):
    assert api(user).get(url(user, f"/followers?{query}")).status_code == 400


def test_a_cursor_of_another_list_is_refused(api, user, other_user, make_user):
    for _ in range(3):
        follow_create(follower_id=make_user().pk, followee=user)
    cursor = api().get(url(user, "/followers?limit=1")).json()["next"].split("cursor=")[1]
    answer = api().get(url(other_user, f"/followers?cursor={cursor}"))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
    assert api().get(url(user, f"/followers?utm_source=x&cursor={cursor}")).status_code == 200


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_of_followers_costs_the_same_queries_for_1_and_20(
    api, user, make_user, number, django_assert_num_queries
):
    for _ in range(number):
        follow_create(follower_id=make_user().pk, followee=user)
    client = api(user)
    client.get("/api/v1/me")
    with django_assert_num_queries(2):
        assert len(client.get(url(user, "/followers")).json()["results"]) == number


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_follows_are_one_row_and_one_count(api, user, other_user):
    client = api(user)
    statuses = []

    def call():
        statuses.append(client.put(url(other_user, "/follow")).status_code)
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 20
    assert Follow.objects.count() == 1
    assert (counts(user), counts(other_user)) == ((0, 1), (1, 0))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_follow_each_other_at_once_do_not_deadlock(user, other_user):
    errors = []

    def call(one, other):
        try:
            for _ in range(10):
                follow_create(follower_id=one.pk, followee=other)
        except Exception as error:
            errors.append(error)
        connection.close()

    threads = [
        threading.Thread(target=call, args=pair)
        for pair in ((user, other_user), (other_user, user)) * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (counts(user), counts(other_user)) == ((1, 1), (1, 1))
