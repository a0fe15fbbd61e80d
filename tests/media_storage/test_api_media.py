"""Media over HTTP: upload, read, describe, remove; nobody but the owner."""

import hashlib
import io
import resource
import tempfile
from contextlib import contextmanager

import pytest
from PIL import Image

from core.errors import StorageFullError
from media_storage.backends.ffmpeg import tools
from media_storage.constants import PICTURE_BYTES_MAX, VIDEO_BYTES_MAX
from media_storage.models import Media
from media_storage.services import media_create
from tests.media_storage import pictures

pytestmark = pytest.mark.django_db


def code(answer):
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, answer.json()["code"]


def test_an_upload_answers_with_media_that_can_be_fetched(send, api):
    answer = send(pictures.laden_jpeg(), alt_text="Four colours")
    assert answer.status_code == 201, answer.content
    media = answer.json()
    assert (media["state"], media["kind"], media["alt_text"]) == ("ready", "image", "Four colours")
    assert [v["width"] for v in media["variants"]] == [320, 480]
    for variant in media["variants"]:
        got = api().get(variant["url"])
        data = b"".join(got)
        assert (got.status_code, got["Content-Type"]) == (200, variant["type"])
        assert pictures.CANARY not in data
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (variant["width"], variant["height"])
    original = api().get(media["original_url"])
    assert hashlib.sha256(b"".join(original)).digest() == bytes(Media.objects.get().sha256)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_the_type_is_told_by_content_alone(kind, send):
    data = pictures.encoded(pictures.quadrants(), kind)
    answer = send(data, name="page.html", content_type="text/html")
    assert answer.status_code == 201
    assert Media.objects.get().original_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.jpg",
        "..\\..\\boot.ini",
        "/etc/cron.d/evil",
        "a\x00.jpg",
        "a\r\nSet-Cookie: x=1.jpg",
        "'; DROP TABLE media;--.jpg",
        "<img src=x onerror=alert(1)>.jpg",
        "$(touch pwned).jpg",
        "CON.jpg",
        "ünï\u202ecode\U0001f4a9.jpg",
        "x" * 4000 + ".jpg",
        ".htaccess",
        "..",
        "a.jpg/../../b",
    ],
)
def test_hostile_file_names_leave_no_trace(name, api, user, kept):
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + pictures.jpeg() + b"\r\n--x--\r\n"
    answer = api(user).generic(
        "POST", "/api/v1/media", body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code in {201, 400}, answer.content
    if answer.status_code == 201:
        row = Media.objects.values().get()
        assert not any(part in str(row) for part in ("passwd", "evil", "DROP", "onerror", "pwned"))
    assert {n for _, n in kept()} <= {"320.webp", "480.webp", "original.jpg"}


def test_only_signed_in_people_upload(api):
    answer = api().post("/api/v1/media", {"file": io.BytesIO(pictures.jpeg())}, format="multipart")
    assert code(answer) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({}, "file", "required"),
        ({"file": "not a file"}, "file", "invalid"),
        ({"file": True, "caption": "hm"}, "caption", "unknown_field"),
        ({"file": True, "photo": True}, "photo", "unknown_field"),
        ({"file": True, "alt_text": "x" * 1501}, "alt_text", "max_length"),
        ({"file": True, "alt_text": "a\0b"}, "alt_text", "null_characters_not_allowed"),
    ],
)
def test_forms_that_make_no_sense_are_refused_by_field(fields, field, why, api, user):
    body = {
        name: io.BytesIO(pictures.jpeg()) if value is True else value
        for name, value in fields.items()
    }
    answer = api(user).post("/api/v1/media", body, format="multipart")
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, why)]
    assert not Media.objects.exists()


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        (b"", 400, "empty_file"),
        (b"<svg onload=alert(1)>", 415, "unsupported_type"),
        (pictures.ico(), 415, "unsupported_type"),
        (pictures.jpeg()[:1500], 422, "unreadable_picture"),
        (pictures.webp_bomb(12_000, 4_000), 422, "too_many_pixels"),
        (pictures.webp_bomb(16_384, 100), 422, "too_long_side"),
        (pictures.gif_of(201), 422, "too_many_frames"),
        (pictures.scan_bomb(41, (64, 64)), 422, "too_many_scans"),
    ],
)
def test_refused_files_say_which_and_why(data, status, why, send, kept):
    answer = send(data)
    assert code(answer) == (status, why)
    assert answer.json()["errors"] == [
        {"field": "file", "code": why, "message": answer.json()["detail"], "file": 0}
    ]
    assert kept() == set()
    assert not Media.objects.exists()


def test_forty_scans_two_hundred_frames_and_a_long_side_are_still_allowed(send):
    plain = pictures.scan_bomb(1, (64, 64))
    more = 40 - plain.count(b"\xff\xda")
    assert send(pictures.scan_bomb(1 + more, (64, 64))).status_code == 201
    assert send(pictures.gif_of(200)).status_code == (202 if tools() else 201)
    assert send(pictures.encoded(Image.new("L", (12_000, 2)), "PNG")).status_code == 201


@pytest.mark.parametrize(
    ("size", "most"), [(VIDEO_BYTES_MAX, 0), (PICTURE_BYTES_MAX, 200_000)], ids=["any", "picture"]
)
def test_what_says_that_it_is_too_large_is_refused_before_it_is_read(size, most, api, user):
    """A file larger than any at once, a picture larger than any by its first bytes."""

    class Body(io.BytesIO):
        taken = 0

        def read(self, *args):
            part = super().read(*args)
            self.taken += len(part)
            return part

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = Body(head + pictures.jpeg() + bytes(1_000_000))
    answer = api(user).generic(
        "POST",
        "/api/v1/media",
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(size + 2_000_000)},
    )
    assert code(answer) == (413, "file_too_large")
    assert body.taken <= most


def test_more_than_50_mb_is_refused_while_it_is_read(send, kept):
    assert code(send(bytes(PICTURE_BYTES_MAX + 1))) == (413, "file_too_large")
    assert kept() == set()


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"file": "x"}', 415),
        ("multipart/form-data", b"--x", 400),
        ("multipart/form-data; boundary=x", b"no border at all", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\xff\xfe: \x00\r\n\r\n--x--", 400),
        ("image/jpeg", b"\xff\xd8\xff", 415),
    ],
)
def test_bodies_that_are_no_form_get_a_problem(content_type, body, status, api, user):
    answer = api(user).generic("POST", "/api/v1/media", body, content_type=content_type)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_the_limit_of_uploads_holds(send, settings):
    settings.RATE_LIMIT_SCALE = 1 / 1200
    assert send(pictures.jpeg()).status_code == 201
    answer = send(pictures.jpeg())
    assert code(answer) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 0


def test_the_same_key_keeps_one_picture(send):
    headers = {"Idempotency-Key": "first-try"}
    first = send(pictures.jpeg(), headers=headers)
    again = send(pictures.jpeg(), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Media.objects.count() == 1
    other = send(pictures.jpeg((300, 300)), headers=headers)
    assert code(other) == (409, "idempotency_conflict")
    text = send(pictures.jpeg(), headers=headers, alt_text="more")
    assert code(text) == (409, "idempotency_conflict")


def test_a_refused_upload_does_not_use_up_its_key(send):
    headers = {"Idempotency-Key": "second-try"}
    assert send(b"words", headers=headers).status_code == 415
    assert send(b"words", headers=headers).status_code == 415
    assert send(pictures.jpeg(), headers=headers).status_code == 201


@pytest.mark.parametrize("person", ["owner", "stranger", "nobody"])
def test_only_the_owner_reaches_media(person, upload, api, user, other_user):
    path = f"/api/v1/media/{upload().pk}"
    client = api({"owner": user, "stranger": other_user, "nobody": None}[person])
    want = {"owner": (200, 200, 204), "stranger": (404,) * 3, "nobody": (401,) * 3}[person]
    got = (
        client.get(path).status_code,
        client.patch(path, {"alt_text": "new"}).status_code,
        client.delete(path).status_code,
    )
    assert got == want
    assert Media.objects.count() == (0 if person == "owner" else 1)
    if person == "owner":
        assert code(client.get(path)) == (404, "not_found")
        assert code(client.delete(path)) == (404, "not_found")


def test_reading_costs_one_query_however_many_variants(
    upload, api, user, run_jobs, django_assert_num_queries
):
    media = upload(pictures.jpeg((1500, 1000)))
    client = api(user)
    path = f"/api/v1/media/{media.pk}"
    assert client.get(path).status_code == 200
    with django_assert_num_queries(1):
        assert len(client.get(path).json()["variants"]) == 3
    run_jobs()
    with django_assert_num_queries(1):
        assert len(client.get(path).json()["variants"]) == 9


def test_patching_changes_the_text_and_nothing_else(upload, api, user):
    client, path = api(user), f"/api/v1/media/{upload(alt_text='old').pk}"
    assert client.patch(path, {"alt_text": " new "}).json()["alt_text"] == " new "
    assert client.patch(path, {"alt_text": ""}).json()["alt_text"] == ""
    assert client.patch(path, {"alt_text": "x", "state": "failed"}).status_code == 400
    assert client.patch(path, {}).status_code == 400
    assert client.patch(path, {"alt_text": None}).status_code == 400
    assert client.get(path).json()["alt_text"] == ""


@pytest.mark.parametrize("media_id", ["0", "-1", "01", "x", "9" * 19, "9" * 400, "%00"])
def test_ids_that_no_row_can_have_are_not_found(media_id, api, user):
    assert api(user).get(f"/api/v1/media/{media_id}").status_code == 404


@contextmanager
def room_for(size):
    """Files of this process may not grow beyond this size, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def noise(size):
    return pictures.encoded(Image.effect_noise(size, 200).convert("RGB"))


def test_a_full_disk_is_told_and_leaves_nothing_while_it_is_received(send, kept, tmp_path):
    data = noise((500, 500))
    with room_for(50_000):
        answer = send(data)
    assert len(data) > 50_000
    assert code(answer) == (507, "storage_full")
    assert kept() == set()
    assert not [f for f in (tmp_path / "tmp").rglob("*") if f.is_file() and f.stat().st_size]


def test_a_full_disk_is_told_and_leaves_nothing_while_it_is_stored(kept, user):
    with tempfile.TemporaryFile() as source:
        source.write(noise((1000, 1000)))
        source.flush()
        with room_for(60_000), pytest.raises(StorageFullError):
            media_create(owner_id=user.pk, file=source)
    assert kept() == set()
    assert not Media.objects.exists()
