"""Publish the built web client: `deploy/bin/publish-spa --bucket B --distribution D`.

Hashed files go first and may be kept for ever; then the rest; the page that names them goes last, so
that nobody gets a page whose files are not there. Only what may not be kept is invalidated, and only
where it changed. Hashed files of earlier releases stay for pages that are open still.
"""

import argparse
import hashlib
import json
import mimetypes
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from deploy.hosts.log import say

# The same rule as config/client.py, without the leading slash.
HASHED = re.compile(r"^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
FOR_EVER = "max-age=315360000, public, immutable"
ASK_AGAIN = "no-cache"
A_WHILE = "max-age=0, public"
PAGE = "index.html"
#: When each hashed file was first missing from a release: {"assets/x-1234.js": "2026-01-31T..."}.
DROPPED = "assets/.dropped.json"
TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}


class Client:
    """The built client in its bucket."""

    def __init__(self, bucket: str, dist: Path) -> None:
        self._s3: Any = boto3.client("s3")
        self._bucket = bucket
        self._dist = dist

    def publish(self, *, keep: timedelta) -> list[str]:
        """Upload everything in the right order; the keys that changed and may be cached somewhere."""
        names = self._names()
        if PAGE not in names:
            raise SystemExit(f"{self._dist} has no {PAGE}: build the client first")
        there = dict(self._stored())
        hashed = [name for name in names if HASHED.match(name)]
        others = [name for name in names if not HASHED.match(name) and name != PAGE]
        for name in hashed:
            if name not in there:
                self._upload(name)
        changed = [name for name in [*others, PAGE] if there.get(name) != self._tag(name)]
        for name in changed:
            self._upload(name)
        self._forget_old(set(hashed), set(there), keep)
        return changed

    def _names(self) -> list[str]:
        """Files below the folder; the edge compresses by itself, so the compressed twins stay here."""
        files = (path for path in self._dist.rglob("*") if path.is_file())
        names = [path.relative_to(self._dist).as_posix() for path in files]
        return sorted(name for name in names if not name.endswith((".br", ".gz")))

    def _stored(self) -> Iterator[tuple[str, str]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        for page in pages:
            for item in page.get("Contents", []):
                yield item["Key"], item["ETag"].strip('"')

    def _tag(self, name: str) -> str:
        """What S3 calls the ETag of a file that was uploaded in one piece."""
        return hashlib.md5((self._dist / name).read_bytes(), usedforsecurity=False).hexdigest()

    def _upload(self, name: str) -> None:
        suffix = Path(name).suffix
        self._s3.put_object(
            Bucket=self._bucket,
            Key=name,
            Body=(self._dist / name).read_bytes(),
            ContentType=TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "binary/octet-stream",
            CacheControl=caching(name),
        )

    def _forget_old(self, hashed: set[str], there: set[str], keep: timedelta) -> None:
        """Delete hashed files that no release has named for `keep`."""
        now = datetime.now(UTC)
        known = self._dropped()
        dropped = {
            name: known.get(name, now.isoformat())
            for name in sorted(there - hashed)
            if HASHED.match(name)
        }
        old = [
            name for name, since in dropped.items() if now - datetime.fromisoformat(since) > keep
        ]
        for name in old:
            self._s3.delete_object(Bucket=self._bucket, Key=name)
            del dropped[name]
        self._s3.put_object(
            Bucket=self._bucket,
            Key=DROPPED,
            Body=json.dumps(dropped).encode(),
            ContentType="application/json",
            CacheControl=ASK_AGAIN,
        )

    def _dropped(self) -> dict[str, str]:
        try:
            stored = self._s3.get_object(Bucket=self._bucket, Key=DROPPED)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return {}
            raise
        known: dict[str, str] = json.loads(stored["Body"].read())
        return known


def caching(name: str) -> str:
    """Cache-Control of a file, as config/client.py gives it on the single box."""
    if HASHED.match(name):
        return FOR_EVER
    if name.endswith((".html", ".json", ".webmanifest")) or name in ("boot.js", "sw.js"):
        return ASK_AGAIN
    return A_WHILE


def invalidate(distribution: str, names: list[str]) -> None:
    """Have the edge ask for these again."""
    paths = [f"/{name}" for name in names]
    boto3.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            "CallerReference": str(time.time_ns()),
        },
    )


def main() -> None:
    """Publish a folder."""
    parser = argparse.ArgumentParser(prog="publish-spa", description=__doc__)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--distribution", required=True, help="id of the CloudFront distribution")
    parser.add_argument("--dist", type=Path, default=Path("frontend/dist"), help="the built client")
    parser.add_argument(
        "--keep-days", type=int, default=30, help="how long hashed files of earlier releases stay"
    )
    options = parser.parse_args()
    client = Client(options.bucket, options.dist.resolve())
    changed = client.publish(keep=timedelta(days=options.keep_days))
    if changed:
        invalidate(options.distribution, changed)
    say("client_published", changed=changed)


if __name__ == "__main__":
    main()
