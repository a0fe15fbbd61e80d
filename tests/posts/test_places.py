"""Places: made once, found by those who may see what was posted there."""

from decimal import Decimal

import pytest

from core.registry import report_targets
from core.viewer import Viewer, anonymous
from posts.constants import Audience
from posts.models import Place
from posts.selectors import places_named
from posts.services import place_create, post_delete
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db
AT = {"latitude": Decimal("46.05691"), "longitude": Decimal("14.50581")}


def found(viewer, q="harbour"):
    return [place.name for place in places_named(viewer=viewer, q=q)]


def test_the_same_place_is_made_once(user, other_user):
    one = place_create(actor_id=user.pk, name=" Old   Harbour ", **AT)
    assert (one.name, one.latitude, one.longitude) == (
        "Old Harbour", Decimal("46.0569"), Decimal("14.5058"),
    )  # fmt: skip
    assert place_create(actor_id=other_user.pk, name="OLD HARBOUR", **AT) == one
    bare = place_create(actor_id=user.pk, name="Old Harbour")
    assert place_create(actor_id=other_user.pk, name="old harbour") == bare
    assert place_create(actor_id=user.pk, name="Old Harbour", country="SI") != bare
    assert Place.objects.count() == 3


def test_a_place_of_a_private_life_is_not_found_by_others(user, other_user, make_post):
    place = place_create(actor_id=user.pk, name="Our harbour")
    make_post(user, place_id=place.pk, audience=Audience.ONLY_ME)
    assert found(Viewer(id=user.pk)) == ["Our harbour"]
    for viewer in (anonymous(), Viewer(id=other_user.pk)):
        assert found(viewer) == []
    post = make_post(user, place_id=place.pk)
    assert found(anonymous()) == ["Our harbour"]
    post_delete(actor_id=user.pk, post=post)
    assert found(anonymous()) == []


def test_names_that_begin_so_come_first_and_signs_are_letters(user):
    for name in ("The harbour", "Harbour light", "100 % harbour"):
        place_create(actor_id=user.pk, name=name)
    viewer = Viewer(id=user.pk)
    assert found(viewer, "HARB") == ["Harbour light", "100 % harbour", "The harbour"]
    assert found(viewer, "%") == ["100 % harbour"]
    assert found(viewer, "_") == []


def test_a_post_names_a_place_that_its_author_can_find(user, other_user, make_media, api):
    hidden = place_create(actor_id=other_user.pk, name="Hidden")
    client, media = api(user), make_media(user)
    body = {"media_ids": [str(media.pk)], "place": str(hidden.pk)}
    refused = client.post("/api/v1/posts", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "place_unknown")
    made = client.post("/api/v1/places", {"name": "Pier", "latitude": 50.82, "longitude": -0.15})
    assert (made.status_code, made.json()) == (201, {
        "id": made.json()["id"], "name": "Pier", "country": "", "latitude": 50.82,
        "longitude": -0.15,
    })  # fmt: skip
    post = client.post("/api/v1/posts", {**body, "place": made.json()["id"]}).json()
    assert post["place"] == {"id": made.json()["id"], "name": "Pier"}
    path = f"/api/v1/places/{made.json()['id']}"
    assert [row["id"] for row in api().get(f"{path}/posts").json()["results"]] == [post["id"]]
    gone = client.patch(f"/api/v1/posts/{post['id']}", {"place": None}).json()
    assert gone["place"] is None
    assert api().get(path).status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "a\x00b"}, ["name"]),
        ({"name": "A", "country": "si"}, ["country"]),
        ({"name": "A", "latitude": 91, "longitude": 0}, ["latitude"]),
        ({"name": "A", "latitude": 1}, ["longitude"]),
        ({"name": "A", "latitude": "nan", "longitude": 1}, ["latitude"]),
        ({"name": "A", "latitude": [], "longitude": 1}, ["latitude"]),
        ({"name": "A", "latitude": 1e300, "longitude": 1}, ["latitude"]),
    ],
)
def test_a_place_that_makes_no_sense_is_refused(api, user, body, fields):
    answer = api(user).post("/api/v1/places", body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert not Place.objects.exists()


def test_a_place_sent_twice_with_a_key_is_answered_once(api, user):
    client = api(user)
    body = {"name": "Pier", "latitude": 46.05691234567, "longitude": 0.1}
    answers = [client.post("/api/v1/places", body, headers={"Idempotency-Key": "k"})
               for _ in range(2)]  # fmt: skip
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["latitude"] == 46.0569


def test_moderators_take_a_reported_place_away(user, make_post):
    place = place_create(actor_id=user.pk, name="Pier")
    post = make_post(user, place_id=place.pk)
    target = report_targets.get("place")
    assert target.find(anonymous(), place.pk) == target.get(place.pk) == place
    assert target.owner_id(place) == user.pk
    assert target.snapshot(place)["name"] == "Pier"
    target.remove(place)
    post.refresh_from_db()
    assert post.place is None
    assert target.get(place.pk) is None


def test_half_a_place_is_refused_by_the_service(user):
    half = {"actor_id": user.pk, "name": "A", "latitude": Decimal(1)}
    assert refusal(place_create, **half) == (400, "invalid", ["longitude"])
