"""Copies of a backup in S3: the database by its time, each picture once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3


def copy_offsite(backup: Path, url: str) -> None:
    """Copy one backup below s3://bucket/prefix. The bucket's own rules delete what is old."""
    parts = urlsplit(url)
    prefix = parts.path.strip("/")
    s3: Any = boto3.client("s3")
    for file in sorted(path for path in backup.iterdir() if path.is_file()):
        s3.upload_file(str(file), parts.netloc, _key(prefix, backup.name, file.name))
    media = backup / "media"
    there = set(_keys(s3, parts.netloc, _key(prefix, "media", "")))
    for file in sorted(path for path in media.rglob("*") if path.is_file()):
        key = _key(prefix, "media", file.relative_to(media).as_posix())
        if key not in there:
            s3.upload_file(str(file), parts.netloc, key)


def _key(*parts: str) -> str:
    return "/".join(parts).lstrip("/")


def _keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            yield item["Key"]
