"""Collections: shelves of saved posts, in their owner's order and nobody else's sight."""

import pytest

from core.viewer import Viewer
from posts.models import Collection, CollectionPost, Save
from posts.selectors import collection_for, collection_posts, collections_of
from posts.services import (
    collection_add,
    collection_create,
    collection_delete,
    collection_edit,
    collection_order,
    collection_remove,
    collections_order,
    post_delete,
    post_unsave,
)
from posts.shapes import collection_shape
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(user):
    return collection_create(owner_id=user.pk, name="Light")


def shown(user, collection):
    rows = collection_posts(viewer=Viewer(id=user.pk), collection=collection)
    return [row.post_id for row in rows.order_by("position", "pk")]


def names(user):
    rows = collections_of(viewer=Viewer(id=user.pk)).order_by("position", "pk")
    return [row.name for row in rows]


def shape(user, collection):
    return collection_shape(collection_for(viewer=Viewer(id=user.pk), collection_id=collection.pk))


def test_a_name_is_had_once_and_is_not_empty(user, other_user, shelf):
    again = {"owner_id": user.pk, "name": " LIGHT "}
    assert refusal(collection_create, **again)[:2] == (409, "collection_exists")
    assert refusal(collection_create, owner_id=user.pk, name="  ") == (400, "invalid", ["name"])
    collection_create(owner_id=other_user.pk, name="Light")
    sea = collection_create(owner_id=user.pk, name="Sea")
    assert refusal(collection_edit, collection=sea, name="light")[:2] == (409, "collection_exists")
    collection_edit(collection=sea, name="sea")
    assert names(user) == ["sea", "Light"]


def test_what_is_put_in_is_saved_and_stands_first(user, shelf, make_post, other_user):
    one, two = make_post(other_user), make_post(other_user)
    for post in (one, two, one):
        collection_add(collection=shelf, post=post)
    assert shown(user, shelf) == [two.pk, one.pk]
    assert set(Save.objects.values_list("post_id", flat=True)) == {one.pk, two.pk}
    other_user.refresh_from_db()
    one.refresh_from_db()
    assert one.saves_count == 1


def test_taken_out_it_stays_saved_and_unsaved_it_is_out(user, shelf, make_post):
    one, two = make_post(user), make_post(user)
    for post in (one, two):
        collection_add(collection=shelf, post=post)
    for _ in range(2):
        collection_remove(collection=shelf, post_id=one.pk)
    assert shown(user, shelf) == [two.pk]
    assert Save.objects.count() == 2
    post_unsave(actor_id=user.pk, post=two)
    assert shown(user, shelf) == []
    collection_add(collection=shelf, post=one)
    collection_delete(collection=shelf)
    assert (Collection.objects.count(), Save.objects.count()) == (0, 1)


def test_posts_and_shelves_are_put_in_order(user, shelf, make_post):
    one, two, three = (make_post(user) for _ in range(3))
    for post in (one, two, three):
        collection_add(collection=shelf, post=post)
    collection_order(collection=shelf, post_ids=[one.pk, one.pk])
    assert shown(user, shelf) == [one.pk, three.pk, two.pk]
    wrong = {"collection": shelf, "post_ids": [one.pk, 10**9]}
    assert refusal(collection_order, **wrong) == (
        422, "post_not_in_collection", ["post_ids.1"],
    )  # fmt: skip
    sea = collection_create(owner_id=user.pk, name="Sea")
    collections_order(owner_id=user.pk, collection_ids=[shelf.pk])
    assert names(user) == ["Light", "Sea"]
    assert refusal(collections_order, owner_id=user.pk, collection_ids=[sea.pk, 10**9])[:2] == (
        422, "collection_unknown",
    )  # fmt: skip


def test_cover_and_number_are_of_what_can_be_seen(user, other_user, shelf, make_post):
    one, two = make_post(other_user), make_post(other_user)
    assert (shape(user, shelf)["posts_count"], shape(user, shelf)["cover_url"]) == (0, None)
    for post in (one, two):
        collection_add(collection=shelf, post=post)
    assert f"/{two.media[0]['key']}/" in shape(user, shelf)["cover_url"]
    collection_edit(collection=shelf, cover_post_id=one.pk)
    chosen = shape(user, shelf)
    assert (chosen["posts_count"], chosen["cover_post_id"]) == (2, str(one.pk))
    assert f"/{one.media[0]['key']}/" in chosen["cover_url"]
    post_delete(actor_id=other_user.pk, post=one)
    left = shape(user, shelf)
    assert left["posts_count"] == 1
    assert f"/{two.media[0]['key']}/" in left["cover_url"]
    wrong = {"collection": shelf, "cover_post_id": 10**9}
    assert refusal(collection_edit, **wrong) == (
        422, "post_not_in_collection", ["cover_post_id"],
    )  # fmt: skip


def test_there_is_room_for_so_many(user, shelf, make_post, monkeypatch):
    monkeypatch.setattr("posts.services.collections.COLLECTIONS_MAX", 1)
    monkeypatch.setattr("posts.services.collections.COLLECTION_POSTS_MAX", 1)
    assert refusal(collection_create, owner_id=user.pk, name="Sea")[:2] == (422, "collection_limit")
    collection_add(collection=shelf, post=make_post(user))
    full = {"collection": shelf, "post": make_post(user)}
    assert refusal(collection_add, **full)[:2] == (422, "collection_full")


def test_a_save_may_name_a_collection_of_ones_own(api, user, other_user, shelf, make_post):
    post, client = make_post(other_user), api(user)
    path = f"/api/v1/posts/{post.pk}/save"
    for _ in range(2):
        assert client.put(path, {"collection_id": str(shelf.pk)}).json() == {"saved": True}
    assert shown(user, shelf) == [post.pk]
    stranger = api(other_user).put(path, {"collection_id": str(shelf.pk)})
    assert (stranger.status_code, stranger.json()["code"]) == (422, "collection_unknown")
    assert client.delete(path).json() == {"saved": False}
    assert not CollectionPost.objects.exists()


def test_the_routes_of_a_collection(api, user, make_post):
    client, posts = api(user), [make_post(user) for _ in range(3)]
    bodies = [client.post("/api/v1/collections", {"name": "Sea"}, headers={"Idempotency-Key": "k"})
              for _ in range(2)]  # fmt: skip
    assert [b.status_code for b in bodies] == [201, 201]
    made = bodies[0].json()
    assert made == bodies[1].json()
    path = f"/api/v1/collections/{made['id']}"
    for post in posts:
        assert client.put(f"{path}/posts/{post.pk}", {}).json() == {"collected": True}
    ids = [str(post.pk) for post in posts]
    assert client.put(f"{path}/order", {"post_ids": ids}).status_code == 204
    body = client.get(f"{path}/posts?limit=2").json()
    assert [row["id"] for row in body["results"]] == ids[:2]
    assert [row["id"] for row in client.get(body["next"]).json()["results"]] == ids[2:]
    assert client.delete(f"{path}/posts/{ids[0]}").json() == {"collected": False}
    renamed = client.patch(path, {"name": "Sky", "cover_post_id": ids[2]}).json()
    assert (renamed["name"], renamed["posts_count"], renamed["cover_post_id"]) == ("Sky", 2, ids[2])
    assert client.get("/api/v1/collections").json()["results"] == [client.get(path).json()]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_twenty_collections_cost_the_queries_of_one(user, make_post, django_assert_num_queries):
    for rows in (1, 20):
        while Collection.objects.count() < rows:
            made = collection_create(owner_id=user.pk, name=f"c{Collection.objects.count()}")
            collection_add(collection=made, post=make_post(user))
        with django_assert_num_queries(1):
            found = [collection_shape(row) for row in collections_of(viewer=Viewer(id=user.pk))]
        assert [row["posts_count"] for row in found] == [1] * rows
