"""The routes of single posts, as clients see them."""

import pytest
from rest_framework.test import APIClient

from accounts.services import block_create, profile_update
from posts.constants import Audience
from posts.models import Like, Post
from posts.services import post_delete

pytestmark = pytest.mark.django_db
POSTS = "/api/v1/posts"

SHAPE = {
    "id", "shortcode", "author", "caption", "audience", "state", "media", "place", "sensitive",
    "comments_policy", "hide_like_count", "pinned", "people_tags", "mentions", "hashtags",
    "published_at", "publish_at", "edited_at", "likes_count", "comments_count", "viewer",
}  # fmt: skip
BAD_IDS = ["0", "-1", "01", "9223372036854775808", "9" * 40, "abc", "1e3", "%00", "1%2F2"]


def problem(answer):
    """Status, code, and the fields that are wrong."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    return answer.status_code, body["code"], sorted(e["field"] for e in body["errors"])


@pytest.fixture
def create(api, user, make_media):
    """`create(**body)`: POST posts by `user` with one picture, unless the body says otherwise."""
    client = api(user)

    def send(headers=None, **body):
        body.setdefault("media_ids", [str(make_media(user).pk)])
        return client.post(POSTS, body, headers=headers)

    return send


def test_a_created_post_has_the_shape_of_the_contract(create, user):
    answer = create(caption="Harbour  ", audience="followers", sensitive=True)
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == SHAPE
    post = Post.objects.get()
    assert body == {
        "id": str(post.pk),
        "shortcode": post.shortcode,
        "author": {
            "id": str(user.pk),
            "username": user.username,
            "display_name": "",
            "avatar_url": None,
            "is_private": False,
        },
        "caption": "Harbour  ",
        "audience": "followers",
        "state": "published",
        "media": body["media"],
        "place": None,
        "sensitive": True,
        "comments_policy": "everyone",
        "hide_like_count": False,
        "pinned": False,
        "people_tags": [],
        "mentions": [],
        "hashtags": [],
        "published_at": post.published_at.isoformat().replace("+00:00", "Z"),
        "publish_at": None,
        "edited_at": None,
        "likes_count": 0,
        "comments_count": 0,
        "viewer": {"liked": False, "saved": False, "own": True},
    }
    (media,) = body["media"]
    assert media["state"] == "ready"
    assert media["variants"][0]["width"] == 320


def test_every_choice_of_the_contract_is_taken(create):
    for audience in Audience:
        assert create(audience=audience.label).json()["audience"] == audience.label
    for policy in ("everyone", "followers", "followed", "nobody"):
        assert create(comments_policy=policy).json()["comments_policy"] == policy
    hidden = create(hide_like_count=True).json()
    assert (hidden["hide_like_count"], hidden["likes_count"]) == (True, 0)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"media_ids": []}, ["media_ids"]),
        ({"media_ids": ["1"] * 21}, ["media_ids"]),
        ({"media_ids": "1"}, ["media_ids"]),
        ({"media_ids": None}, ["media_ids"]),
        ({"media_ids": [1]}, ["media_ids.0"]),
        ({"media_ids": ["9223372036854775808"]}, ["media_ids.0"]),
        ({"media_ids": [["1"]]}, ["media_ids.0"]),
        ({"caption": "x" * 2201}, ["caption"]),
        ({"caption": {"a": 1}}, ["caption"]),
        ({"caption": "a\x00b"}, ["caption"]),
        ({"caption": None}, ["caption"]),
        ({"audience": "0"}, ["audience"]),
        ({"audience": 0}, ["audience"]),
        ({"comments_policy": "friends"}, ["comments_policy"]),
        ({"sensitive": "maybe"}, ["sensitive"]),
        ({"hide_like_count": []}, ["hide_like_count"]),
        ({"state": "deleted"}, ["state"]),
        ({"publish_at": "tomorrow"}, ["publish_at"]),
        ({"place": "here"}, ["place"]),
        ({"people_tags": ["u"]}, ["people_tags.0"]),
    ],
)
def test_a_body_that_makes_no_sense_is_told_where(create, body, fields):
    assert problem(create(**body)) == (400, "invalid", fields)
    assert not Post.objects.exists()


def test_a_lone_surrogate_is_refused(api, user, make_media):
    body = f'{{"media_ids": ["{make_media(user).pk}"], "caption": "a\\ud800b"}}'
    answer = api(user).post(POSTS, body.encode(), content_type="application/json")
    assert problem(answer) == (400, "malformed_json", [])
    assert not Post.objects.exists()


@pytest.mark.parametrize("field", ["likes_count", "author_id", "shortcode", "published_at"])
def test_fields_that_are_not_the_clients_are_refused(create, field):
    assert problem(create(**{field: "1"})) == (400, "unknown_field", [field])


def test_what_asks_for_nothing_may_be_named(create):
    answer = create(state="published", publish_at=None, place=None, people_tags=[])
    assert answer.status_code == 201


def test_a_create_sent_twice_with_a_key_happens_once(create, user, make_media):
    body = {"media_ids": [str(make_media(user).pk)], "caption": "Once"}
    first, second = (create({"Idempotency-Key": "k1"}, **body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Post.objects.count() == 1
    other = create({"Idempotency-Key": "k1"}, **{**body, "caption": "Twice"})
    assert problem(other)[:2] == (409, "idempotency_conflict")


def test_a_refused_create_may_be_sent_again_under_its_key(create, user, other_user, make_media):
    wrong = {"media_ids": [str(make_media(other_user).pk)]}
    for _ in range(2):
        assert problem(create({"Idempotency-Key": "k"}, **wrong))[:2] == (422, "media_unknown")


def test_a_post_is_read_by_id_and_by_its_public_name(make_post, other_user, api, user):
    post = make_post(other_user, caption="Open")
    for client in (api(), api(user)):
        by_id = client.get(f"{POSTS}/{post.pk}")
        assert by_id.status_code == 200
        assert by_id["Cache-Control"] == "private, no-store"
        assert by_id.json() == client.get(f"{POSTS}/by-code/{post.shortcode}").json()
        assert by_id.json()["viewer"] == {"liked": False, "saved": False, "own": False}


@pytest.mark.parametrize("suffix", ["", "/like", "/likes", "/save"])
def test_an_id_that_no_post_can_have_is_not_found(api, user, suffix):
    client = api(user)
    for bad in BAD_IDS:
        for send in (client.get, client.put, client.patch, client.delete):
            assert send(f"{POSTS}/{bad}{suffix}").status_code == 404


@pytest.mark.parametrize("code", ["short", "x" * 12, "a" * 10 + "!", "a" * 10 + "%00", "é" * 11])
def test_a_name_that_no_post_can_have_is_not_found(api, code):
    assert api().get(f"{POSTS}/by-code/{code}").status_code == 404


def test_hidden_equals_absent(api, user, other_user, make_post):
    hidden, deleted = make_post(other_user), make_post(other_user)
    post_delete(actor_id=other_user.pk, post=deleted)
    block_create(owner_id=other_user.pk, target=user)
    client = api(user)
    for path in ("", "/likes", "/like", "/save"):
        send = client.put if path in ("/like", "/save") else client.get
        bodies = []
        for post_id in (hidden.pk, deleted.pk, hidden.pk + 10**6):
            answer = send(f"{POSTS}/{post_id}{path}")
            assert answer.status_code == 404
            bodies.append({**answer.json(), "instance": ""})
        assert bodies[0] == bodies[1] == bodies[2]
    assert not Like.objects.exists()


def test_an_edit_answers_with_the_post(api, user, make_post):
    post = make_post(user, caption="Old")
    media_id = str(post.media[0]["id"])
    body = {"caption": "New", "media": [{"id": media_id, "alt_text": "A boat"}]}
    answer = api(user).patch(f"{POSTS}/{post.pk}", body)
    assert answer.status_code == 200
    shape = answer.json()
    assert (shape["caption"], shape["media"][0]["alt_text"]) == ("New", "A boat")
    assert shape["edited_at"] is not None
    assert api().get(f"{POSTS}/{post.pk}").json()["caption"] == "New"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"caption": "x" * 2201}, (400, "invalid", ["caption"])),
        ({"shortcode": "x"}, (400, "unknown_field", ["shortcode"])),
        ({"audience": "all"}, (400, "invalid", ["audience"])),
        ({"state": "published"}, (400, "invalid", ["state"])),
        ({"media_ids": []}, (400, "invalid", ["media_ids"])),
        (
            {"people_tags": [{"user_id": "1"}]},
            (400, "invalid", ["people_tags.0.media_id", "people_tags.0.x", "people_tags.0.y"]),
        ),
        ({"place": "1"}, (422, "place_unknown", ["place"])),
        ({"publish_at": "2030-01-01T00:00:00Z"}, (409, "already_published", [])),
        ({"media": [{"id": "1"}]}, (400, "invalid", ["media.0.alt_text"])),
        ({"media": {"id": "1", "alt_text": ""}}, (400, "invalid", ["media"])),
        (
            {"media": [{"id": "1", "alt_text": "", "x": 1}]},
            (400, "unknown_field", ["media.0.x"]),
        ),
        ({"media": [{"id": "0", "alt_text": ""}]}, (400, "invalid", ["media.0.id"])),
        ({"media": [{"id": "1", "alt_text": "x" * 1501}]}, (400, "invalid", ["media.0.alt_text"])),
        ([], (400, "not_an_object", [])),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(api, user, make_post, body, expected):
    post = make_post(user, caption="Old")
    assert problem(api(user).patch(f"{POSTS}/{post.pk}", body)) == expected
    assert Post.objects.get().caption == "Old"


def test_others_may_neither_edit_nor_delete_what_they_see(api, user, other_user, make_post):
    post = make_post(other_user, caption="Mine")
    client = api(user)
    assert problem(client.patch(f"{POSTS}/{post.pk}", {"caption": "x"}))[:2] == (403, "not_author")
    assert problem(client.delete(f"{POSTS}/{post.pk}"))[:2] == (403, "not_author")
    assert api(other_user).get(f"{POSTS}/{post.pk}").json()["caption"] == "Mine"


def test_a_deleted_post_is_gone_for_its_author_too(api, user, make_post):
    post, client = make_post(user), api(user)
    assert client.delete(f"{POSTS}/{post.pk}").status_code == 204
    for send in (client.get, client.delete):
        assert send(f"{POSTS}/{post.pk}").status_code == 404


def test_toggles_answer_with_the_new_state(api, user, other_user, make_post):
    post, client = make_post(other_user), api(user)
    like, save = f"{POSTS}/{post.pk}/like", f"{POSTS}/{post.pk}/save"
    for _ in range(2):
        assert client.put(like, {}).json() == {"liked": True, "likes_count": 1}
        assert client.put(save, {}).json() == {"saved": True}
    shape = client.get(f"{POSTS}/{post.pk}").json()
    assert shape["viewer"] == {"liked": True, "saved": True, "own": False}
    for _ in range(2):
        assert client.delete(like).json() == {"liked": False, "likes_count": 0}
        assert client.delete(save).json() == {"saved": False}


def test_a_toggle_takes_no_body_it_does_not_know(api, user, make_post):
    post, client = make_post(user), api(user)
    like = client.put(f"{POSTS}/{post.pk}/like", {"count": 5})
    assert problem(like) == (400, "unknown_field", ["count"])
    save = client.put(f"{POSTS}/{post.pk}/save", {"collection_id": "5"})
    assert problem(save) == (422, "collection_unknown", ["collection_id"])
    assert client.put(f"{POSTS}/{post.pk}/save", {"collection_id": None}).status_code == 200


def test_a_hidden_number_of_likes_leaks_nowhere(api, user, other_user, make_post):
    post = make_post(other_user, hide_like_count=True)
    client, owner = api(user), api(other_user)
    assert client.put(f"{POSTS}/{post.pk}/like").json() == {"liked": True, "likes_count": None}
    assert client.get(f"{POSTS}/{post.pk}").json()["likes_count"] is None
    (row,) = client.get(f"/api/v1/users/{other_user.pk}/posts").json()["results"]
    assert row["likes_count"] is None
    assert client.get(f"{POSTS}/{post.pk}/likes").status_code == 404
    assert owner.get(f"{POSTS}/{post.pk}").json()["likes_count"] == 1
    assert len(owner.get(f"{POSTS}/{post.pk}/likes").json()["results"]) == 1


def test_nobody_writes_without_signing_in(make_post, user):
    post, client = make_post(user), APIClient()
    client.default_format = "json"
    for send, path in (
        (client.post, POSTS),
        (client.patch, f"{POSTS}/{post.pk}"),
        (client.delete, f"{POSTS}/{post.pk}"),
        (client.put, f"{POSTS}/{post.pk}/like"),
        (client.delete, f"{POSTS}/{post.pk}/like"),
        (client.put, f"{POSTS}/{post.pk}/save"),
    ):
        assert problem(send(path, {}))[:2] == (401, "not_authenticated")


def test_the_method_is_looked_at_before_the_person(make_post, user):
    post = make_post(user)
    assert problem(APIClient().post(f"{POSTS}/{post.pk}/like"))[:2] == (405, "method_not_allowed")


@pytest.mark.parametrize(("path", "allowed"), [("", 60), ("like", 600)])
def test_posts_and_likes_are_limited_by_the_hour(
    api, user, make_post, make_media, settings, path, allowed
):
    settings.RATE_LIMIT_SCALE = 3 / allowed
    client, post = api(user), make_post(user)
    codes = []
    for _ in range(4):
        if path:
            answer = client.put(f"{POSTS}/{post.pk}/like", {})
        else:
            answer = client.post(POSTS, {"media_ids": [str(make_media(user).pk)]})
        codes.append(answer.status_code)
    assert codes[:3] == [200 if path else 201] * 3
    assert codes[3] == 429
    assert int(answer["Retry-After"]) > 0


def test_going_private_hides_a_post_at_once(api, user, other_user, make_post):
    post = make_post(other_user)
    assert api(user).get(f"{POSTS}/{post.pk}").status_code == 200
    profile_update(user_id=other_user.pk, is_private=True)
    assert api(user).get(f"{POSTS}/{post.pk}").status_code == 404
