"""One suite for the three stores: whatever keeps the bytes, the promises are the same."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import File
from django.utils import timezone

from media_storage.backends.base import Arrival
from media_storage.backends.storage import storage_at
from media_storage.constants import ARRIVAL_NAME, DIRECT_PART_BYTES, DIRECT_WHOLE_BYTES_MAX
from tests.media_storage import pictures

SIGNED, PUBLIC, ORIGINAL = "s" + "a" * 32, "p" + "b" * 32, "o" + "c" * 32
HTTP = urllib3.PoolManager(retries=False)


@pytest.fixture
def there(place):
    """The store of this place, alone."""
    return storage_at(place.url)


def read(store, key, name):
    with store.fetch(key, name) as file:
        return file.read()


@pytest.mark.parametrize("key", [SIGNED, PUBLIC, ORIGINAL])
def test_what_was_put_comes_back_as_it_was(there, key):
    there.put(key, "320.webp", b"\x00first\xff" * 1000)
    there.put(key, "320.avif", File(io.BytesIO(b"second")))
    assert read(there, key, "320.webp") == b"\x00first\xff" * 1000
    assert read(there, key, "320.avif") == b"second"
    assert there.sizes(key) == {"320.webp": 7000, "320.avif": 6}


def test_putting_again_replaces(there):
    there.put(SIGNED, "320.webp", b"one")
    there.put(SIGNED, "320.webp", b"other")
    assert read(there, SIGNED, "320.webp") == b"other"
    assert there.sizes(SIGNED) == {"320.webp": 5}


def test_a_large_file_comes_back_whole(there):
    content = bytes(range(256)) * (DIRECT_PART_BYTES // 256) + b"and more"
    there.put(ORIGINAL, "original.png", content)
    assert read(there, ORIGINAL, "original.png") == content


def test_what_is_not_there_is_told_as_missing(there):
    assert there.sizes(SIGNED) == {}
    for act in (there.fetch, lambda key, name: there.copy_key(key, PUBLIC)):
        with pytest.raises(FileNotFoundError):
            act(SIGNED, "320.webp")
    there.drop(SIGNED, "320.webp")
    there.drop_key(SIGNED)
    assert list(there.key_ages()) == []


def test_copies_live_on_their_own(there):
    there.put(SIGNED, "320.webp", b"one")
    there.put(SIGNED, "640.webp", b"two")
    there.copy_key(SIGNED, PUBLIC)
    there.copy_key(SIGNED, PUBLIC)
    there.drop_key(SIGNED)
    assert there.sizes(SIGNED) == {}
    assert there.sizes(PUBLIC) == {"320.webp": 3, "640.webp": 3}
    assert read(there, PUBLIC, "640.webp") == b"two"


def test_one_file_goes_alone(there):
    there.put(SIGNED, "320.webp", b"one")
    there.put(SIGNED, "640.webp", b"two")
    there.drop(SIGNED, "320.webp")
    assert there.sizes(SIGNED) == {"640.webp": 3}


def test_every_key_is_listed_once_with_its_age(there):
    for key in (SIGNED, PUBLIC, ORIGINAL):
        there.put(key, "320.webp", b"one")
        there.put(key, "640.webp", b"two")
    ages = list(there.key_ages())
    assert sorted(key for key, _ in ages) == sorted([SIGNED, PUBLIC, ORIGINAL])
    now = datetime.now(UTC)
    assert all(abs(now - at) < timedelta(seconds=30) for _, at in ages)


@pytest.mark.parametrize(("key", "name"), [(SIGNED, "../1.webp"), ("x" * 33, "1.webp")])
def test_only_keys_and_names_of_ours_have_a_place(there, key, name):
    with pytest.raises(SuspiciousFileOperation):
        there.put(key, name, b"")


def arrival(data, **changes):
    facts = {"key": ORIGINAL, "name": ARRIVAL_NAME, "content_type": "image/jpeg"}
    return Arrival(**{**facts, "bytes": len(data), **changes})


def send(form, data, name="a.jpg"):
    """As a client does; gives the last status."""
    if form.parts:
        at = 0
        for part in form.parts:
            body = data[at : at + part.bytes]
            answer = HTTP.request("PUT", part.url, body=body)
            at += part.bytes
        return answer.status
    fields = {**form.fields, "file": (name, data)}
    return HTTP.request(form.method, form.url, fields=fields).status


@pytest.mark.parametrize("size", [None, DIRECT_WHOLE_BYTES_MAX + 1000])
def test_a_direct_upload_arrives_whole_and_is_taken_from_there(there, size):
    data = pictures.jpeg()
    data += b"\x00" * ((size or len(data)) - len(data))
    there_is = arrival(data)
    form = there.form(there_is, until=timezone.now() + timedelta(minutes=5))
    if form is None:
        assert not there.is_elsewhere
        return
    there_is = arrival(data, token=form.token)
    assert there.arrived(there_is) is None
    assert send(form, data) in {200, 204}
    assert there.arrived(there_is) == len(data)
    assert there.arrived(there_is) == len(data)
    assert read(there, ORIGINAL, ARRIVAL_NAME) == data
    there.abandon(there_is)
    assert there.arrived(there_is) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://somewhere/else", "file://host/folder", "file:", "s3://", "s3://bucket?colour=red",
        "cloudinary://cloud", "cloudinary://key@cloud", "cloudinary://k:s@cloud?auth_key=zz",
        "cloudinary://k:s@cloud?algorithm=md5", "cloudinary://k:s@cloud?unsigned_preset=x",
    ],
)  # fmt: skip
def test_a_url_that_names_no_store_is_told(url):
    with pytest.raises(ImproperlyConfigured):
        storage_at(url)
