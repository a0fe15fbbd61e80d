"""Direct uploads over the API: from leave to media, whatever the store is."""

import json
import time
from datetime import timedelta

import pytest
import urllib3
from django.test import Client
from django.utils import timezone

from media_storage.backends.storage import media_storage
from media_storage.events import MediaUploadArrived
from media_storage.handlers import collect_orphans, on_media_upload_arrived, sweep_files
from media_storage.models import Media, MediaUpload
from tests.media_storage import pictures

pytestmark = pytest.mark.django_db
HTTP = urllib3.PoolManager(retries=False)
URL = "/api/v1/media/uploads"


@pytest.fixture
def start(api, user):
    """`start(data)`: leave for a file, the answer as it came."""

    def ask(data, *, person=None, headers=None, **changes):
        body = {"filename": "a.jpg", "bytes": len(data), "content_type": "image/jpeg", **changes}
        return api(person or user).post(URL, body, headers=headers)

    return ask


@pytest.fixture
def complete(api, user):
    """`complete(upload)`: say that the file is there."""
    return lambda upload, **more: api(user).post(f"{URL}/{upload['id']}/complete", **more)


def send(upload, data):
    """As the client does."""
    if upload["method"] == "POST":
        fields = {**upload["fields"], "file": ("a.jpg", data)}
        return HTTP.request("POST", upload["url"], fields=fields).status
    return put(upload, data).status_code


def put(upload, data, kind="image/jpeg"):
    path = upload["url"].partition("/api/")[2]
    return Client().put(f"/api/{path}", data, content_type=kind)


def test_a_file_goes_to_the_store_and_becomes_media(place, start, complete, run_jobs):
    data = pictures.jpeg()
    begun = start(data, alt_text="A harbour")
    assert begun.status_code == 201
    upload = begun.json()
    early = complete(upload)
    assert (early.status_code, early.json()["code"]) == (409, "upload_missing")
    assert send(upload, data) in {200, 204}
    done = complete(upload)
    assert done.status_code == 201, done.json()
    media = done.json()
    assert (media["state"], media["alt_text"]) == ("ready", "A harbour")
    assert [v["width"] for v in media["variants"]] == [320, 480]
    row = Media.objects.get()
    again = complete(upload)
    assert (again.status_code, again.json()["id"]) == (201, media["id"])
    assert Media.objects.count() == 1
    with media_storage().fetch(row.original_key, "original.jpg") as file:
        assert file.read() == data
    run_jobs()
    assert media_storage().sizes(MediaUpload.objects.get().key) == {}


def test_what_arrived_is_looked_at_and_not_what_was_said(place, start, complete):
    begun = start(b"\x89PNG, it says" * 100, content_type="image/png").json()
    data = b"\x89PNG, it says" * 100
    if begun["method"] == "POST" and "cloudinary" in place.url:
        # Cloudinary itself looks at the file.
        assert send(begun, data) == 400
        return
    assert send(begun, data) in {200, 204}
    for _ in range(2):
        refused = complete(begun)
        assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_type")
    assert Media.objects.count() == 0


def test_another_size_than_announced_is_refused_and_kept_nowhere(
    cloudinary, start, complete, run_jobs
):
    upload = start(b"x" * 1000).json()
    assert send(upload, pictures.jpeg()) == 200
    refused = complete(upload)
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong_size")
    run_jobs()
    assert media_storage().sizes(MediaUpload.objects.get().key) == {}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"content_type": "image/svg+xml"}, 415, "unsupported_type"),
        ({"content_type": "text/html"}, 415, "unsupported_type"),
        ({"bytes": 0}, 400, "empty_file"),
        ({"bytes": 50_000_001}, 413, "file_too_large"),
        ({"bytes": 2**63}, 400, "invalid"),
        ({"bytes": "many"}, 400, "invalid"),
        ({"colour": "red"}, 400, "unknown_field"),
        ({"alt_text": "a\x00b"}, 400, None),
    ],
)
def test_what_would_be_refused_gets_no_leave(start, changes, status, code):
    answer = start(b"x", **changes)
    assert answer.status_code == status
    assert code in {None, answer.json()["code"]}
    assert MediaUpload.objects.count() == 0


def test_the_same_key_gives_the_same_leave(start):
    first, second = (start(b"x", headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json() == second.json()
    assert MediaUpload.objects.count() == 1


def test_the_same_key_completes_once(start, complete):
    data = pictures.jpeg()
    upload = start(data).json()
    send(upload, data)
    key = {"headers": {"Idempotency-Key": "two"}}
    assert complete(upload, **key).json()["id"] == complete(upload, **key).json()["id"]
    assert Media.objects.count() == 1


def test_an_upload_is_nobody_else_s(start, other_user, api):
    upload = start(b"x").json()
    stranger = api(other_user)
    assert stranger.get(f"{URL}/{upload['id']}").status_code == 404
    assert stranger.post(f"{URL}/{upload['id']}/complete").status_code == 404


def test_new_addresses_are_given_until_it_ends(start, complete, api, user):
    data = pictures.jpeg()
    upload = start(data).json()
    again = api(user).get(f"{URL}/{upload['id']}")
    assert (again.status_code, again.json()["id"]) == (200, upload["id"])
    assert send(again.json(), data) == 204
    complete(upload)
    over = api(user).get(f"{URL}/{upload['id']}")
    assert (over.status_code, over.json()["code"]) == (409, "upload_ended")
    assert put(upload, data).status_code == 409


def test_our_own_address_is_good_for_one_upload_and_five_minutes(start):
    data = b"x" * 100
    one, two = start(data).json(), start(data).json()
    swapped = {"url": one["url"].replace(f"/{one['id']}/", f"/{two['id']}/")}
    assert put(swapped, data).status_code == 404
    for end in ("", "x", "1", "9" * 20):
        url = one["url"].partition("?")[0] + f"?e={end}&s=" + one["url"].rpartition("s=")[2]
        assert put({"url": url}, data).status_code == 404
    assert put(one, b"").json()["code"] == "empty_file"
    assert put(one, data + b"x").json()["code"] == "wrong_size"
    assert put(one, data).status_code == 204


def test_after_an_hour_it_is_over_and_nothing_is_left(place, start, complete, run_jobs):
    data = pictures.jpeg()
    upload = start(data).json()
    send(upload, data)
    key = MediaUpload.objects.get().key
    past = timezone.now() - timedelta(seconds=1)
    MediaUpload.objects.update(expires_at=past)
    over = complete(upload)
    assert (over.status_code, over.json()["code"]) == (422, "upload_expired")
    assert media_storage().sizes(key) != {}
    collect_orphans()
    run_jobs()
    assert (MediaUpload.objects.count(), media_storage().sizes(key)) == (0, {})


def test_the_sweep_spares_an_upload_that_is_open(start, settings, monkeypatch):
    data = pictures.jpeg()
    upload = start(data).json()
    send(upload, data)
    monkeypatch.setattr("media_storage.services.upkeep.ORPHAN_AGE_S", -10)
    sweep_files()
    assert media_storage().sizes(MediaUpload.objects.get().key) == {"upload.bin": len(data)}


def test_the_background_takes_in_what_arrived_once(start, complete):
    data = pictures.jpeg()
    upload = start(data).json()
    send(upload, data)
    for _ in range(2):
        on_media_upload_arrived(MediaUploadArrived(int(upload["id"])))
    assert Media.objects.count() == 1
    assert complete(upload).json()["id"] == str(Media.objects.get().pk)


def test_the_background_forgives_what_is_no_picture(start, complete):
    upload = start(b"x" * 100).json()
    send(upload, b"x" * 100)
    on_media_upload_arrived(MediaUploadArrived(int(upload["id"])))
    assert complete(upload).json()["code"] == "unsupported_type"


@pytest.fixture
def notify():
    """`notify(body, headers)`: what Cloudinary posts."""

    def post(body, headers):
        return Client().post(
            "/api/v1/media/webhooks/cloudinary",
            body,
            content_type="application/json",
            headers=headers,
        )

    return post


def test_cloudinary_tells_of_a_file_whose_tab_was_closed(
    cloudinary, settings, start, notify, run_jobs
):
    settings.SITE_URL = "https://photos.example.org"
    settings.MEDIA_BACKEND_URL += "&eager=1"
    data = pictures.jpeg()
    upload = start(data).json()
    assert send(upload, data) == 200
    url, body, headers = cloudinary.server.notifications.pop()
    assert url == "https://photos.example.org/api/v1/media/webhooks/cloudinary"
    forged = notify(body.replace("upload", "other"), headers)
    assert (forged.status_code, forged.json()["code"]) == (401, "bad_signature")
    run_jobs()
    assert Media.objects.count() == 0
    for _ in range(2):
        assert notify(body, headers).status_code == 204
    run_jobs()
    assert Media.objects.get().alt_text == ""
    assert json.loads(body)["bytes"] == Media.objects.get().bytes


def test_without_a_signature_or_another_store_a_notification_is_401(place, notify):
    stamp = str(int(time.time()))
    for headers in ({}, {"X-Cld-Timestamp": stamp, "X-Cld-Signature": "0" * 40}):
        assert notify("{}", headers).status_code == 401
