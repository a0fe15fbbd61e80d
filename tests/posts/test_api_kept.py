"""Drafts, planned posts, archive, bin and history, as clients meet them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from posts.models import Post
from posts.services import post_archive, post_delete, post_edit
from tests.posts.test_api_posts import SHAPE, problem

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def create(api, user, make_media):
    """`create(**body)`: POST posts by `user`, with one picture unless the body says otherwise."""

    def send(**body):
        body.setdefault("media_ids", [str(make_media(user).pk)])
        return api(user).post(f"{API}/posts", body)

    return send


def soon(minutes=5):
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


def test_a_draft_saves_itself_and_is_published(api, user, other_user, create, make_media):
    made = create(state="draft", media_ids=[])
    assert made.status_code == 201
    body, client = made.json(), api(user)
    assert set(body) == SHAPE
    assert (body["state"], body["published_at"], body["media"]) == ("draft", None, [])
    path = f"{API}/posts/{body['id']}"
    for stranger in (api(), api(other_user)):
        assert stranger.get(path).status_code == 404
    assert api(other_user).patch(path, {"caption": "x"}).status_code == 404
    assert problem(client.post(f"{path}/publish", {})) == (400, "invalid", ["media_ids"])
    changes = {
        "caption": "Dawn #sea", "audience": "followers", "sensitive": True,
        "comments_policy": "nobody", "hide_like_count": True,
        "media_ids": [str(make_media(user).pk)],
    }  # fmt: skip
    saved = client.patch(path, changes).json()
    assert {name: saved[name] for name in changes if name != "media_ids"} == {
        name: value for name, value in changes.items() if name != "media_ids"
    }
    assert [row["id"] for row in client.get(f"{API}/me/drafts").json()["results"]] == [body["id"]]
    for _ in range(2):
        out = client.post(f"{path}/publish", {}).json()
        assert (out["state"], out["hashtags"]) == ("published", ["sea"])
    assert client.get(f"{API}/me/drafts").json()["results"] == []


def test_planned_posts_are_listed_the_next_one_first(api, user, create):
    late, early = (create(state="scheduled", publish_at=soon(m)).json() for m in (20, 10))
    client, url = api(user), f"{API}/me/scheduled"
    rows = client.get(f"{url}?limit=1").json()
    assert [row["id"] for row in rows["results"]] == [early["id"]]
    assert [row["id"] for row in client.get(rows["next"]).json()["results"]] == [late["id"]]
    put_off = client.patch(f"{API}/posts/{early['id']}", {"publish_at": soon(30)}).json()
    assert (put_off["state"], put_off["published_at"]) == ("scheduled", None)
    assert [r["id"] for r in client.get(url).json()["results"]] == [late["id"], early["id"]]
    back = client.patch(f"{API}/posts/{late['id']}", {"publish_at": None}).json()
    assert (back["state"], back["publish_at"]) == ("draft", None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"state": "scheduled"}, (400, "invalid", ["publish_at"])),
        ({"publish_at": "2030-01-01T00:00:00Z"}, (400, "invalid", ["publish_at"])),
        (
            {"state": "scheduled", "publish_at": "2020-01-01T00:00:00Z"},
            (422, "publish_at_past", ["publish_at"]),
        ),
        (
            {"state": "scheduled", "publish_at": "9000-01-01T00:00:00Z"},
            (422, "publish_at_too_far", ["publish_at"]),
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(create, body, expected):
    assert problem(create(**body)) == expected
    assert not Post.objects.exists()


def test_archive_and_pin_are_toggles(api, user, other_user, make_post):
    post, client = make_post(user), api(user)
    path = f"{API}/posts/{post.pk}"
    for _ in range(2):
        assert client.put(f"{path}/pin", {}).json() == {"pinned": True}
    assert client.get(path).json()["pinned"] is True
    for _ in range(2):
        assert client.put(f"{path}/archive", {}).json() == {"archived": True}
    assert api(other_user).get(path).status_code == 404
    assert client.get(path).json()["state"] == "archived"
    assert problem(client.put(f"{path}/pin", {}))[:2] == (409, "not_published")
    rows = client.get(f"{API}/me/archive").json()["results"]
    assert [(row["id"], row["pinned"]) for row in rows] == [(str(post.pk), False)]
    for _ in range(2):
        assert client.delete(f"{path}/archive").json() == {"archived": False}
    assert client.delete(f"{path}/pin").json() == {"pinned": False}
    for verb in ("put", "delete"):
        for toggle in ("archive", "pin"):
            answer = getattr(api(other_user), verb)(f"{path}/{toggle}", {})
            assert problem(answer)[:2] == (403, "not_author")


def test_the_bin_says_when_a_post_goes_and_gives_it_back(api, user, other_user, make_post):
    one, two = make_post(user), make_post(user)
    client, url = api(user), f"{API}/me/deleted"
    for post in (one, two):
        assert client.delete(f"{API}/posts/{post.pk}").status_code == 204
    rows = client.get(url).json()["results"]
    assert [row["id"] for row in rows] == [str(two.pk), str(one.pk)]
    assert set(rows[0]) == SHAPE | {"deleted_at", "purge_at"}
    deleted, purge = (parse_datetime(rows[0][name]) for name in ("deleted_at", "purge_at"))
    assert purge - deleted == timedelta(days=30)
    assert api(other_user).post(f"{API}/posts/{one.pk}/restore", {}).status_code == 404
    restored = client.post(f"{API}/posts/{one.pk}/restore", {})
    assert (restored.status_code, restored.json()["state"]) == (200, "published")
    assert client.post(f"{API}/posts/{one.pk}/restore", {}).status_code == 404
    assert client.delete(f"{url}/{two.pk}").status_code == 204
    assert client.get(url).json()["results"] == []


def test_the_history_is_public_and_ends_with_the_post(api, user, make_post):
    post = make_post(user, caption="One")
    for caption in ("Two", "Three"):
        post_edit(actor_id=user.pk, post=post, caption=caption)
    path = f"{API}/posts/{post.pk}/history"
    first = api().get(f"{path}?limit=1").json()
    assert first["results"] == [{
        "id": first["results"][0]["id"], "caption": "Two", "place_name": "", "sensitive": False,
        "media": [{"id": str(post.media[0]["id"]), "alt_text": ""}],
        "since": first["results"][0]["since"], "replaced_at": first["results"][0]["replaced_at"],
    }]  # fmt: skip
    assert [row["caption"] for row in api().get(first["next"]).json()["results"]] == ["One"]
    post_delete(actor_id=user.pk, post=post)
    assert api().get(path).status_code == 404


def test_a_grid_with_pins_is_read_to_its_end_and_back(api, user, make_post):
    posts = [make_post(user) for _ in range(6)]
    client = api(user)
    for post in (posts[0], posts[3]):
        client.put(f"{API}/posts/{post.pk}/pin", {})
    order = [str(posts[n].pk) for n in (0, 3, 5, 4, 2, 1)]
    for limit in (1, 2, 3, 4):
        url, pages = f"{API}/users/{user.pk}/posts?limit={limit}", []
        while url:
            body, last = client.get(url).json(), url
            pages += [row["id"] for row in body["results"]]
            url = body["next"]
        assert pages == order
        back, url = [], last
        while url:
            body = client.get(url).json()
            back = [row["id"] for row in body["results"]] + back
            url = body["previous"]
        assert back == order


@pytest.mark.parametrize("path", ["me/archive", "me/drafts", "me/deleted"])
def test_twenty_own_posts_cost_the_queries_of_one(
    path, api, user, create, make_post, django_assert_max_num_queries
):
    client, counts = api(user), []
    act = {"me/archive": post_archive, "me/deleted": post_delete}.get(path)
    for rows, more in ((1, 1), (20, 19)):
        for _ in range(more):
            if act is None:
                create(state="draft", media_ids=[])
            else:
                act(actor_id=user.pk, post=make_post(user))
        assert len(client.get(f"{API}/{path}").json()["results"]) == rows
        with django_assert_max_num_queries(100) as queries:
            client.get(f"{API}/{path}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 2
