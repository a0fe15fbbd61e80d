"""The three stores for tests, each empty: local folder, S3 behind its guard, Cloudinary's stand-in."""

import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import boto3

from tests.media_storage import cloudinary_standin, s3_standin

REGION = "eu-central-1"
_numbers = itertools.count(1)


@dataclass
class Place:
    """Where a store is: its URL for MEDIA_BACKEND_URL, and the server behind it."""

    url: str
    server: Any = None
    origin: str = ""
    bucket: str = ""
    aws: dict[str, Any] = field(default_factory=dict)

    def client(self, service):
        """The SDK's own client, to look at what the store really has."""
        return boto3.client(service, **self.aws)


@contextmanager
def s3_server():
    """moto behind the guard, and its address."""
    guard = s3_standin.Guard()
    with s3_standin.served(guard) as origin:
        yield guard, origin


@contextmanager
def cloudinary_server():
    """The stand-in, and its address."""
    standin = cloudinary_standin.CloudinaryStandIn()
    with s3_standin.served(standin) as origin:
        yield standin, origin


def s3_place(guard, origin, *, query="", via=None):
    """A new bucket; `via` is another way to the same server."""
    bucket = f"jyoti-test-media-{next(_numbers)}"
    access = f"{s3_standin.KEY_ID}:{quote(s3_standin.SECRET, safe='')}"
    url = f"s3://{access}@{bucket}/some/where?region={REGION}&endpoint={via or origin}{query}"
    aws = {
        "region_name": REGION, "endpoint_url": origin,
        "aws_access_key_id": s3_standin.KEY_ID, "aws_secret_access_key": s3_standin.SECRET,
    }  # fmt: skip
    place = Place(url, guard, origin, bucket, aws)
    place.client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return place


def cloudinary_place(standin, origin, *, query="", via=None):
    """A folder of its own."""
    access = f"{cloudinary_standin.KEY}:{cloudinary_standin.SECRET}"
    where = via or origin
    url = (
        f"cloudinary://{access}@{cloudinary_standin.CLOUD}/pictures{next(_numbers)}"
        f"?api={where}&cdn={where}/{cloudinary_standin.CLOUD}{query}"
    )
    return Place(url, standin, origin)
