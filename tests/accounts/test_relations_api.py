"""Mute, restrict, close friends, lists that may be hidden, and suggestions with their reason."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import DismissedSuggestion, Follow, Relation, User
from accounts.selectors import suggestions
from accounts.services import block_create, follow_create, follow_request_accept, settings_update
from tests.conftest import viewer_of

pytestmark = pytest.mark.django_db
API = "/api/v1"


def names(answer):
    return [person["username"] for person in answer.json()["results"]]


def relationship(client, person):
    return client.get(f"{API}/users/{person.pk}").json()["relationship"]


def test_a_mute_names_what_and_until_when_and_is_replaced(api, user, other_user):
    client, path = api(user), f"{API}/users/{other_user.pk}/mute"
    first = client.put(path, {"scopes": ["stories", "posts", "posts"]})
    assert first.json()["muting"] is True
    assert relationship(client, other_user)["muting"] is True
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    client.put(path, {"scopes": ["posts"], "until": until})
    row = Relation.objects.get()
    assert (row.scopes, row.until.isoformat()) == (["posts"], until)
    (listed,) = client.get(f"{API}/me/mutes").json()["results"]
    assert (listed["username"], listed["scopes"]) == (other_user.username, ["posts"])
    assert datetime.fromisoformat(listed["until"]) == datetime.fromisoformat(until)
    assert client.delete(path).json() == {"muting": False, "scopes": [], "until": None}
    assert client.delete(path).status_code == 200
    assert names(client.get(f"{API}/me/mutes")) == []


def test_a_mute_that_ended_is_none(api, user, other_user):
    client = api(user)
    over = (timezone.now() - timedelta(seconds=1)).isoformat()
    client.put(f"{API}/users/{other_user.pk}/mute", {"scopes": ["posts"], "until": over})
    assert relationship(client, other_user)["muting"] is False
    assert names(client.get(f"{API}/me/mutes")) == []


@pytest.mark.parametrize("body", [{}, {"scopes": []}, {"scopes": ["likes"]}, {"scopes": "posts"}])
def test_a_mute_of_nothing_known_is_refused(api, user, other_user, body):
    assert api(user).put(f"{API}/users/{other_user.pk}/mute", body).status_code == 400
    assert not Relation.objects.exists()


@pytest.mark.parametrize(
    ("route", "field", "listed"),
    [("restrict", "restricted", "restricted"), ("close-friend", "close_friend", "close-friends")],
)
def test_a_toggle_is_set_listed_and_taken_back(api, user, other_user, route, field, listed):
    client, path = api(user), f"{API}/users/{other_user.pk}/{route}"
    for _ in range(2):
        assert client.put(path).json() == {field: True}
    assert relationship(client, other_user)[field] is True
    assert relationship(api(other_user), user)[field] is False
    assert names(client.get(f"{API}/me/{listed}")) == [other_user.username]
    for _ in range(2):
        assert client.delete(path).json() == {field: False}
    assert names(client.get(f"{API}/me/{listed}")) == []


@pytest.mark.parametrize("route", ["mute", "restrict", "close-friend"])
def test_nobody_sets_anything_about_themselves_or_those_they_cannot_see(
    api, user, other_user, route
):
    body = {"scopes": ["posts"]} if route == "mute" else {}
    own = api(user).put(f"{API}/users/{user.pk}/{route}", body)
    assert (own.status_code, own.json()["code"]) == (422, "relation_self")
    block_create(owner_id=other_user.pk, target=user)
    assert api(user).put(f"{API}/users/{other_user.pk}/{route}", body).status_code == 404


def test_a_removed_follower_follows_no_more_and_is_counted_out(api, user, other_user):
    follow_create(follower_id=other_user.pk, followee=user)
    for _ in range(2):
        assert api(user).delete(f"{API}/users/{other_user.pk}/follower").status_code == 204
    assert not Follow.objects.exists()
    user.refresh_from_db()
    other_user.refresh_from_db()
    assert (user.followers_count, other_user.following_count) == (0, 0)


def test_hidden_lists_are_there_for_their_owner_only(api, user, other_user):
    follow_create(follower_id=other_user.pk, followee=user)
    client = api(user)
    assert client.patch(f"{API}/me/settings", {"hide_follow_lists": True}).json() == {
        "activity_status": True, "hide_follow_lists": True, "suggest_me": True, "approve_tags": False,
    }  # fmt: skip
    for name in ("followers", "following", "mutuals"):
        assert client.get(f"{API}/users/{user.pk}/{name}").status_code == 200
        assert api(other_user).get(f"{API}/users/{user.pk}/{name}").status_code == 404
    assert client.patch(f"{API}/me/settings", {"colour": "red"}).status_code == 400
    assert client.get(f"{API}/me").json()["settings"]["hide_follow_lists"] is True


def test_relationships_of_many_people_take_few_queries(
    api, user, make_user, django_assert_max_num_queries
):
    people = [make_user() for _ in range(20)]
    follow_create(follower_id=user.pk, followee=people[0])
    follow_create(follower_id=people[1].pk, followee=user)
    block_create(owner_id=people[2].pk, target=user)
    client = api(user)
    client.get(f"{API}/me")
    ids = ",".join(str(person.pk) for person in people)
    with django_assert_max_num_queries(4):
        found = client.get(f"{API}/users/relationships?ids={ids}").json()["results"]
    assert len(found) == 19
    assert found[str(people[0].pk)]["following"] is True
    assert found[str(people[1].pk)]["followed_by"] is True
    assert str(people[2].pk) not in found
    for bad in ("x", "1," * 101, "0", str(2**63), "²"):
        assert client.get(f"{API}/users/relationships?ids={bad}").status_code == 400


def follow(follower, *followees):
    for followee in followees:
        follow_create(follower_id=follower.pk, followee=followee)


def test_friends_of_friends_come_with_those_they_are_known_by(api, user, make_user):
    ana, ben, cleo, dan = (make_user(name) for name in ("ana", "ben", "cleo", "daniel"))
    follow(user, ana, ben)
    follow(ana, cleo, dan)
    follow(ben, cleo, user)
    found = api(user).get(f"{API}/users/suggestions").json()["results"]
    assert [(one["user"]["username"], one["reason"], one["mutuals_count"]) for one in found] == [
        ("cleo", "mutuals", 2), ("daniel", "mutuals", 1),
    ]  # fmt: skip
    assert {person["username"] for person in found[0]["mutuals"]} == {"ana", "ben"}


def test_a_friend_whose_lists_are_hidden_or_who_is_gone_is_no_reason(user, make_user):
    hiding, gone, cleo = make_user("hiding"), make_user("gone"), make_user("cleo")
    follow(user, hiding, gone)
    follow(hiding, cleo)
    follow(gone, cleo)
    settings_update(user_id=hiding.pk, hide_follow_lists=True)
    User.objects.filter(pk=gone.pk).update(state="suspended")
    assert suggestions(viewer=viewer_of(user)) == []
    settings_update(user_id=hiding.pk, hide_follow_lists=False)
    (found,) = suggestions(viewer=viewer_of(user))
    assert (found.user, found.mutuals, found.mutuals_count) == (cleo, [hiding], 1)


def test_who_is_asked_blocked_dismissed_limited_or_unwilling_is_not_suggested(api, user, make_user):
    ana = make_user("ana")
    follow(user, ana)
    asked, blocked, blocking, dismissed, unwilling, gone, limited = (make_user() for _ in range(7))
    follow(ana, asked, blocked, blocking, dismissed, unwilling, gone, limited)
    User.objects.filter(pk=asked.pk).update(is_private=True)
    asked.refresh_from_db()
    follow(user, asked)
    block_create(owner_id=user.pk, target=blocked)
    block_create(owner_id=blocking.pk, target=user)
    for _ in range(2):
        answer = api(user).delete(f"{API}/users/suggestions/{dismissed.pk}")
        assert answer.status_code == 204
    assert DismissedSuggestion.objects.count() == 1
    settings_update(user_id=unwilling.pk, suggest_me=False)
    User.objects.filter(pk=gone.pk).update(state="suspended")
    User.objects.filter(pk=limited.pk).update(state="limited")
    assert suggestions(viewer=viewer_of(user)) == []


def test_a_newcomer_is_shown_whom_many_follow(user, make_user):
    loved, quiet, hidden = (make_user() for _ in range(3))
    User.objects.filter(pk=loved.pk).update(posts_count=3)
    User.objects.filter(pk=hidden.pk).update(posts_count=3, is_private=True)
    follow(quiet, loved)
    found = suggestions(viewer=viewer_of(user))
    assert [(one.user.pk, one.reason) for one in found] == [(loved.pk, "popular")]


def test_mutuals_are_followers_whom_one_follows(api, user, other_user, make_user):
    ana, ben = make_user("ana"), make_user("ben")
    follow(ana, other_user)
    follow(ben, other_user)
    follow(user, ana)
    assert names(api(user).get(f"{API}/users/{other_user.pk}/mutuals")) == ["ana"]


def test_suggestions_cost_two_queries_however_many(user, make_user, django_assert_num_queries):
    ana = make_user("ana")
    follow(user, ana)
    follow(ana, *(make_user() for _ in range(12)))
    with django_assert_num_queries(2):
        assert len(suggestions(viewer=viewer_of(user))) == 12


def test_a_request_that_waits_is_no_friend(user, make_user):
    ana, cleo = make_user("ana"), make_user("cleo")
    User.objects.filter(pk=ana.pk).update(is_private=True)
    ana.refresh_from_db()
    follow(user, ana)
    follow(ana, cleo)
    assert suggestions(viewer=viewer_of(user)) == []
    follow_request_accept(followee_id=ana.pk, follower_id=user.pk)
    assert [one.user.pk for one in suggestions(viewer=viewer_of(user))] == [cleo.pk]
