"""S3: what a signed form allows, how files lie there, and what the CDN is told."""

import base64
import datetime as dt
import json
from datetime import timedelta

import pytest
import urllib3
from django.utils import timezone

from media_storage.backends.base import Arrival
from media_storage.backends.storage import storage_at
from media_storage.constants import ARRIVAL_NAME, DIRECT_PART_BYTES, DIRECT_WHOLE_BYTES_MAX
from tests.media_storage import stores

HTTP = urllib3.PoolManager(retries=False)
KEY, PUBLIC = "o" + "c" * 32, "p" + "b" * 32
DATA = b"\xff\xd8\xff" + b"x" * 997
LARGE = DIRECT_WHOLE_BYTES_MAX + 5


def form_of(place, size=1000, **changes):
    arrival = Arrival(KEY, ARRIVAL_NAME, "image/jpeg", size, **changes)
    return storage_at(place.url).form(arrival, until=timezone.now() + timedelta(minutes=5))


def post(form, data=DATA, url=None, **changes):
    fields = {**form.fields, **changes, "file": ("a.jpg", data)}
    answer = HTTP.request("POST", url or form.url, fields=fields)
    return answer.status, answer.data.decode()


def test_the_policy_names_key_type_length_and_five_minutes_and_nothing_is_free(s3):
    before = timezone.now()
    form = form_of(s3)
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    end = dt.datetime.fromisoformat(policy["expiration"])
    assert timedelta(seconds=295) < end - before <= timedelta(seconds=301)
    signature = ["x-amz-algorithm", "x-amz-credential", "x-amz-date"]
    conditions = policy["conditions"]
    assert [c for c in conditions if not (isinstance(c, dict) and set(c) <= set(signature))] == [
        {"Content-Type": "image/jpeg"},
        {"x-amz-server-side-encryption": "AES256"},
        {"success_action_status": "204"},
        ["content-length-range", len(DATA), len(DATA)],
        {"bucket": s3.bucket},
        {"key": f"some/where/o/cc/{KEY}/{ARRIVAL_NAME}"},
    ]
    # No condition is a prefix: every field is exact.
    assert not [c for c in conditions if isinstance(c, list) and c[0] != "content-length-range"]


def test_what_the_form_says_is_taken(s3):
    assert post(form_of(s3))[0] == 204
    kept = s3.client("s3").head_object(
        Bucket=s3.bucket, Key=f"some/where/o/cc/{KEY}/{ARRIVAL_NAME}"
    )
    # That it is encrypted the policy demands; moto forgets it.
    assert (kept["ContentLength"], kept["ContentType"]) == (1000, "image/jpeg")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": f"some/where/o/cc/{KEY}/other.bin"}, "AccessDenied"),
        ({"Content-Type": "text/html"}, "AccessDenied"),
        ({"acl": "public-read"}, "AccessDenied"),
        ({"x-amz-server-side-encryption": ""}, "AccessDenied"),
        ({"data": DATA + b"x"}, "EntityTooLarge"),
        ({"data": DATA[:-1]}, "EntityTooSmall"),
        ({"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch"),
    ],
)
def test_anything_else_is_refused(s3, changes, code):
    status, answer = post(form_of(s3), **changes)
    assert status in {400, 403}
    assert f"<Code>{code}</Code>" in answer
    assert storage_at(s3.url).sizes(KEY) == {}


def test_a_form_ends(s3, monkeypatch):
    form = form_of(s3)
    later = dt.datetime.now(dt.UTC) + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(s3.server, "now", lambda: later)
    assert "Policy expired" in post(form)[1]


def test_a_large_file_goes_in_signed_parts_and_missing_ones_get_new_addresses(s3):
    form = form_of(s3, LARGE)
    assert [(part.number, part.bytes) for part in form.parts] == [
        (1, DIRECT_PART_BYTES), (2, DIRECT_PART_BYTES), (3, 5),
    ]  # fmt: skip
    assert form.fields == {}
    first = form.parts[0]
    assert HTTP.request("PUT", first.url, body=bytes(first.bytes)).status == 200
    again = form_of(s3, LARGE, token=form.token)
    assert [part.number for part in again.parts] == [2, 3]
    arrival = Arrival(KEY, ARRIVAL_NAME, "image/jpeg", LARGE, token=form.token)
    assert storage_at(s3.url).arrived(arrival) is None


def test_a_part_is_taken_only_at_its_length_and_in_its_time(s3, monkeypatch):
    part = form_of(s3, LARGE).parts[2]
    assert "content-length" in part.url
    longer = HTTP.request("PUT", part.url, body=bytes(6))
    assert (longer.status, b"SignatureDoesNotMatch" in longer.data) == (403, True)
    other = part.url.replace("partNumber=3", "partNumber=2")
    assert HTTP.request("PUT", other, body=bytes(5)).status == 403
    later = dt.datetime.now(dt.UTC) + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(s3.server, "now", lambda: later)
    assert b"expired" in HTTP.request("PUT", part.url, body=bytes(5)).data


def test_an_abandoned_upload_in_parts_leaves_nothing(s3):
    form = form_of(s3, LARGE)
    HTTP.request("PUT", form.parts[2].url, body=bytes(5))
    store = storage_at(s3.url)
    arrival = Arrival(KEY, ARRIVAL_NAME, "image/jpeg", LARGE, token=form.token)
    store.abandon(arrival)
    store.abandon(arrival)
    client = s3.client("s3")
    assert client.list_multipart_uploads(Bucket=s3.bucket).get("Uploads", []) == []


@pytest.mark.parametrize(
    ("key", "caching"),
    [(PUBLIC, "public, max-age=31536000, immutable"), (KEY, "private, max-age=300")],
)
def test_files_carry_what_the_cdn_sends_on(s3, key, caching):
    storage_at(s3.url).put(key, "320.webp", b"x")
    kept = s3.client("s3").head_object(
        Bucket=s3.bucket, Key=f"some/where/{key[0]}/{key[1:3]}/{key}/320.webp"
    )
    assert (kept["ContentType"], kept["CacheControl"]) == ("image/webp", caching)
    assert (kept["ContentDisposition"], kept["ServerSideEncryption"]) == ("inline", "AES256")


def test_a_move_takes_the_caching_of_the_new_key(s3):
    store = storage_at(s3.url)
    store.put(KEY, "320.webp", b"x")
    store.copy_key(KEY, PUBLIC)
    kept = s3.client("s3").head_object(Bucket=s3.bucket, Key=f"some/where/p/bb/{PUBLIC}/320.webp")
    assert kept["CacheControl"] == "public, max-age=31536000, immutable"
    assert kept["ServerSideEncryption"] == "AES256"


@pytest.fixture
def distribution(s3_server):
    """A CloudFront distribution for photos.example.org, and its invalidations so far."""
    guard, origin = s3_server
    place = stores.s3_place(guard, origin, query="&cdn=photos.example.org")
    client = place.client("cloudfront")
    config = {
        "CallerReference": place.bucket, "Comment": "", "Enabled": True,
        "Aliases": {"Quantity": 1, "Items": ["photos.example.org"]},
        "Origins": {
            "Quantity": 1,
            "Items": [{"Id": "a", "DomainName": "a.s3.amazonaws.com",
                       "S3OriginConfig": {"OriginAccessIdentity": ""}}],
        },
        "DefaultCacheBehavior": {"TargetOriginId": "a", "ViewerProtocolPolicy": "https-only"},
    }  # fmt: skip
    found = client.create_distribution(DistributionConfig=config)["Distribution"]["Id"]

    def invalidated():
        told = client.list_invalidations(DistributionId=found)["InvalidationList"]
        return [
            client.get_invalidation(DistributionId=found, Id=one["Id"])["Invalidation"][
                "InvalidationBatch"
            ]["Paths"]["Items"]
            for one in told.get("Items", [])
        ]

    yield place, invalidated
    etag = client.get_distribution(Id=found)["ETag"]
    config = client.get_distribution_config(Id=found)["DistributionConfig"]
    client.delete_distribution(Id=found, IfMatch=etag)


def test_what_everybody_could_read_is_forgotten_by_the_cdn_when_it_goes(distribution):
    place, invalidated = distribution
    store = storage_at(place.url)
    store.put(PUBLIC, "320.webp", b"x")
    store.put(KEY, "original.jpg", b"x")
    store.drop_key(KEY)
    assert invalidated() == []
    store.drop_key(PUBLIC)
    assert invalidated() == [[f"/media/{PUBLIC}/*"]]
    assert store.sizes(PUBLIC) == {}
