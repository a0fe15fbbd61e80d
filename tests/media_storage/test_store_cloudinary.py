"""Cloudinary: everything is signed, nothing private is delivered without, notifications are proven."""

import hashlib
import io
import time
from datetime import timedelta

import pytest
import urllib3
from django.utils import timezone
from PIL import Image

from media_storage.backends.base import Arrival, Rendition
from media_storage.backends.storage import storage_at
from media_storage.constants import ARRIVAL_NAME, AVIF_WIDTHS, FURTHER_WIDTHS
from tests.media_storage import pictures, stores
from tests.media_storage.cloudinary_standin import AUTH_KEY, SECRET, signed

HTTP = urllib3.PoolManager(retries=False)
KEY, PUBLIC, SIGNED = "o" + "c" * 32, "p" + "b" * 32, "s" + "a" * 32


@pytest.fixture
def at(cloudinary_server):
    """`at(query)`: an empty folder, with these options."""

    def make(query=""):
        place = stores.cloudinary_place(*cloudinary_server, query=query)
        return storage_at(place.url), place.server

    return make


def form_of(store, data, kind="image/jpeg"):
    until = timezone.now() + timedelta(minutes=5)
    return store.form(Arrival(KEY, ARRIVAL_NAME, kind, len(data)), until=until)


def post(form, data, **changes):
    fields = {**form.fields, **changes, "file": ("a.jpg", data)}
    answer = HTTP.request("POST", form.url, fields={k: v for k, v in fields.items() if v})
    return answer.status, answer.json()


def test_the_signature_covers_every_field_but_the_key_and_ends_in_five_minutes(at):
    store, _ = at()
    form = form_of(store, b"x")
    folder = store.account.folder
    assert {k: form.fields[k] for k in ("public_id", "type", "allowed_formats", "overwrite")} == {
        "public_id": f"{folder}o/cc/{KEY}/upload",
        "type": "authenticated",
        "allowed_formats": "avif,gif,heic,jpg,png,webp",
        "overwrite": "false",
    }
    # Cloudinary takes a timestamp that is at most an hour old.
    assert int(form.fields["timestamp"]) + 3600 == pytest.approx(time.time() + 300, abs=3)
    names = sorted(set(form.fields) - {"signature", "api_key"})
    text = "&".join(f"{name}={form.fields[name]}" for name in names)
    assert form.fields["signature"] == hashlib.sha1((text + SECRET).encode()).hexdigest()


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({}, 200, ""),
        ({"public_id": "pictures/other"}, 401, "Invalid Signature"),
        ({"allowed_formats": "svg"}, 401, "Invalid Signature"),
        ({"type": "upload"}, 401, "Invalid Signature"),
        ({"signature": ""}, 400, "unsigned"),
        ({"upload_preset": "open"}, 400, "Unknown parameters"),
        ({"timestamp": "1"}, 401, "Invalid Signature"),
    ],
)
def test_a_form_is_good_for_one_place_and_no_preset_is_open(at, changes, status, word):
    store, _ = at()
    data = pictures.jpeg()
    found, answer = post(form_of(store, data), data, **changes)
    assert found == status, answer
    assert word in answer.get("error", {}).get("message", "")


def test_a_form_ends(at):
    store, _ = at()
    data = pictures.jpeg()
    until = timezone.now() - timedelta(seconds=1)
    form = store.form(Arrival(KEY, ARRIVAL_NAME, "image/jpeg", len(data)), until=until)
    status, answer = post(form, data)
    assert status == 400
    assert "Stale request" in answer["error"]["message"]


def test_a_file_of_another_kind_is_not_taken(at):
    store, _ = at()
    status, answer = post(form_of(store, b"<svg/>"), b"<svg/>")
    assert (status, answer["error"]["message"]) == (400, "Invalid image file")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_files_that_are_not_public_are_delivered_by_signature_alone(cloudinary_server, algorithm):
    standin, origin = cloudinary_server
    standin.algorithm = algorithm
    try:
        store = storage_at(
            stores.cloudinary_place(standin, origin, query=f"&algorithm={algorithm}").url
        )
        store.put(SIGNED, "320.webp", b"secret")
        url = store.account.delivery(store.account.asset_of(SIGNED, "320.webp"))
        assert "/raw/authenticated/s--" in url
        assert HTTP.request("GET", url).data == b"secret"
        bare = url[: url.index("s--")] + url[url.index("v1/") :]
        assert HTTP.request("GET", bare).status == 401
        assert HTTP.request("GET", url.replace("320.webp", "640.webp")).status == 401
        assert HTTP.request("GET", bare.replace("authenticated", "upload")).status == 404
    finally:
        standin.algorithm = "sha1"


def test_public_files_have_a_permanent_address_at_the_cdn(at):
    store, _ = at()
    store.put(PUBLIC, "320.webp", b"open")
    before, behind = store.address(PUBLIC, end=0)
    assert behind == ""
    assert HTTP.request("GET", f"{before}320.webp").data == b"open"


def test_without_an_auth_key_only_we_can_end_an_address(at):
    store, _ = at()
    assert store.address(SIGNED, end=int(time.time()) + 300) is None


def test_with_an_auth_key_one_token_serves_all_files_of_a_key_and_ends(at):
    store, _ = at(f"&auth_key={AUTH_KEY}")
    store.put(SIGNED, "320.webp", b"one")
    store.put(SIGNED, "640.webp", b"two")
    other = "s" + "d" * 32
    store.put(other, "320.webp", b"three")
    before, behind = store.address(SIGNED, end=int(time.time()) + 300)
    assert HTTP.request("GET", f"{before}320.webp{behind}").data == b"one"
    assert HTTP.request("GET", f"{before}640.webp{behind}").data == b"two"
    elsewhere, _ = store.address(other, end=0)
    assert HTTP.request("GET", f"{elsewhere}320.webp{behind}").status == 401
    _, over = store.address(SIGNED, end=int(time.time()) - 1)
    assert HTTP.request("GET", f"{before}320.webp{over}").status == 401
    assert store.address(KEY, end=int(time.time()) + 300) is None


def test_eager_sizes_of_a_jpeg_are_made_there_and_fetched(at):
    store, standin = at("&eager=1")
    store.put(KEY, "original.jpg", pictures.jpeg((1500, 1000)))
    standin.settle()
    wanted = [
        Rendition(480, "image/webp"),
        Rendition(640, "image/avif"),
        Rendition(2160, "image/webp"),
    ]
    made = store.ready_made(KEY, "original.jpg", wanted)
    assert [pictures.size_of(data) for data in made] == [(480, 320), (640, 427), (1500, 1000)]
    name = ("image", "authenticated", f"{store.account.folder}o/cc/{KEY}/original")
    assert len([key for key in standin.derived if key[0] == name]) == len(
        FURTHER_WIDTHS + AVIF_WIDTHS
    )
    store.drop_key(KEY)
    assert store.ready_made(KEY, "original.jpg", wanted) is None
    assert not [key for key in standin.derived if key[0] == name]


@pytest.mark.django_db
def test_the_further_sizes_are_those_that_cloudinary_made(
    at, settings, upload, run_jobs, monkeypatch
):
    store, standin = at("&eager=1")
    account = store.account
    settings.MEDIA_BACKEND_URL = (
        f"cloudinary://{account.key}:{SECRET}@demo/{account.folder}"
        f"?api={account.api}&cdn={account.cdn}&eager=1"
    )
    media = upload(pictures.jpeg((1500, 1000), exif=pictures.exif()))
    standin.settle()
    monkeypatch.setattr("media_storage.services.upkeep.decode", None)
    run_jobs()
    media.refresh_from_db()
    assert [v["name"] for v in media.variants] == [
        "320.webp", "320.avif", "480.webp", "640.webp", "640.avif", "828.webp",
        "1080.webp", "1080.avif", "1440.webp",
    ]  # fmt: skip
    made = {data for key, data in standin.derived.items() if media.original_key in key[0][2]}
    for name in ("480.webp", "640.avif", "1440.webp"):
        with store.fetch(media.key, name) as file:
            assert file.read() in made


@pytest.mark.django_db
def test_a_size_that_is_not_what_was_asked_for_is_made_by_us(at, settings, upload, run_jobs):
    store, standin = at("&eager=1")
    account = store.account
    settings.MEDIA_BACKEND_URL = (
        f"cloudinary://{account.key}:{SECRET}@demo/{account.folder}"
        f"?api={account.api}&cdn={account.cdn}&eager=1"
    )
    media = upload(pictures.jpeg((1500, 1000)))
    standin.settle()
    other = io.BytesIO()
    Image.new("RGB", (480, 480)).save(other, "WEBP")
    for key in [key for key in standin.derived if media.original_key in key[0][2]]:
        standin.derived[key] = other.getvalue()
    run_jobs()
    media.refresh_from_db()
    with store.fetch(media.key, "480.webp") as file:
        assert pictures.size_of(file.read()) == (480, 320)


def test_without_eager_nothing_is_made_there(at):
    store, _ = at()
    store.put(KEY, "original.jpg", pictures.jpeg())
    assert store.ready_made(KEY, "original.jpg", [Rendition(480, "image/webp")]) is None


def test_an_original_is_found_after_eager_was_switched(at):
    store, standin = at("&eager=1")
    data = pictures.jpeg()
    store.put(KEY, "original.jpg", data)
    standin.settle()
    off = storage_at(
        f"cloudinary://{store.account.key}:{SECRET}@demo/{store.account.folder}"
        f"?api={store.account.api}&cdn={store.account.cdn}"
    )
    with off.fetch(KEY, "original.jpg") as file:
        assert file.read() == data
    assert off.sizes(KEY) == {"original.jpg": len(data)}
    off.drop_key(KEY)
    assert store.sizes(KEY) == {}


def test_removal_reaches_the_edge(at):
    store, standin = at()
    store.put(PUBLIC, "320.webp", b"x")
    store.put(SIGNED, "320.webp", b"x")
    store.drop_key(PUBLIC)
    store.drop(SIGNED, "320.webp")
    folder = store.account.folder
    assert ("raw", "upload", f"{folder}p/bb/{PUBLIC}/320.webp") in standin.invalidated
    assert ("raw", "authenticated", f"{folder}s/aa/{SIGNED}/320.webp") in standin.invalidated


def told(body=b'{"notification_type":"upload"}', *, age=0, **changes):
    stamp = str(int(time.time()) - age)
    headers = signed(body.decode(), stamp)
    facts = {"timestamp": headers["X-Cld-Timestamp"], "signature": headers["X-Cld-Signature"]}
    return {"body": body, **facts, **changes}


@pytest.mark.parametrize(
    ("made", "is_believed"),
    [
        (told, True),
        (lambda: told(body=b"\xff\xfe"[:0]), True),
        (lambda: told(age=3500), True),
        (lambda: told(age=3700), False),
        (lambda: told(age=-400), False),
        (lambda: told(signature="0" * 40), False),
        (lambda: told(signature=""), False),
        (lambda: told(signature="\u00e9"), False),
        (lambda: told(timestamp=""), False),
        (lambda: told(timestamp="\u0661"), False),
        (lambda: told(timestamp="9" * 30), False),
        (lambda: {**told(), "body": b"{}"}, False),
    ],
)
def test_only_signed_and_recent_notifications_are_believed(at, made, is_believed):
    (store, _), notification = at(), made()
    body = notification.pop("body")
    assert store.is_told_by(body, **notification) is is_believed
    notification["body"] = body
