"""Media in a private bucket of S3, or of what speaks like it."""

import contextlib
import functools
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, unquote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.utils import timezone
from django.utils.deconstruct import deconstructible

from media_storage.backends import patience, s3_forms
from media_storage.backends.base import (
    Arrival,
    Form,
    Hosts,
    StoreUnavailableError,
    file_path,
    is_key,
)
from media_storage.backends.cloudfront import CloudFront
from media_storage.backends.remote import (
    RemoteStorage,
    caching,
    content_type,
    folder_of,
    on_disk,
    prefix_of,
)

log = logging.getLogger(__name__)
#: Of each file: S3 encrypts it with its own key.
ENCRYPTION: Final = "AES256"
_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
_DELETE_MAX: Final = 1000
# Per connection and per read, in seconds, and how often it is tried in all.
_HASTY: Final = (0.8, 1.2, 1)
_STEADY: Final = (3.0, 20.0, 4)


@deconstructible
class S3Storage(RemoteStorage):
    """Objects `<prefix><letter>/<two digits>/<key>/<name>`; nobody but us and the CDN reads them.

    `cdn` is the host whose CloudFront distribution serves them: what is removed is forgotten there
    too. Without `access` (key id, secret) the machine's role is used.
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        region: str | None = None,
        endpoint: str | None = None,
        cdn: str = "",
        access: tuple[str, str] | None = None,
    ) -> None:
        self.bucket = bucket
        self.prefix = prefix
        self._region = region
        self._endpoint = endpoint
        self._access = access
        self._cdn = CloudFront(cdn, endpoint=endpoint, access=access) if cdn else None

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        with _errors():
            self._client.put_object(
                Body=patience.Sending(content), **self._place(name), **self._describe(name)
            )
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _errors():
            found = self._client.get_object(**self._place(name))
            with contextlib.closing(found["Body"]) as body:
                return on_disk(iter(functools.partial(body.read, patience.CHUNK), b""))

    def delete(self, name: str) -> None:
        """Remove one object; a missing one is fine."""
        with _errors():
            self._client.delete_object(**self._place(name))

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        try:
            with _errors():
                self._client.head_object(**self._place(name))
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Its bytes. Raises FileNotFoundError."""
        with _errors():
            return int(self._client.head_object(**self._place(name))["ContentLength"])

    def copy_key(self, old: str, new: str) -> None:
        """Copies within S3, not a byte passes us; their caching is that of the new key."""
        names = list(self.sizes(old))
        if not names:
            raise FileNotFoundError(old)
        for name in names:
            source, target = file_path(old, name), file_path(new, name)
            with _errors():
                self._client.copy_object(
                    CopySource=self._place(source),
                    MetadataDirective="REPLACE",
                    **self._place(target),
                    **self._describe(target),
                )

    def drop_key(self, key: str) -> None:
        """Remove the objects, then what the CDN keeps of them."""
        names = list(self.sizes(key))
        objects = [{"Key": self._place(file_path(key, name))["Key"]} for name in names]
        for at in range(0, len(objects), _DELETE_MAX):
            batch = {"Objects": objects[at : at + _DELETE_MAX], "Quiet": True}
            with _errors():
                answer = self._client.delete_objects(Bucket=self.bucket, Delete=batch)
            if answer.get("Errors"):
                log.error("objects not deleted", extra={"why": answer["Errors"][0]["Code"]})
                raise StoreUnavailableError
        # Without looking whether there were objects: the try before may have ended between the two.
        # What needs a signature the edge keeps for less than four minutes anyway.
        if self._cdn and key.startswith("p"):
            self._cdn.forget(key)

    def sizes(self, key: str) -> dict[str, int]:
        """List the key's objects."""
        folder = folder_of(self.prefix, key)
        return {one["Key"].removeprefix(folder): one["Size"] for one in self._list(folder)}

    def key_ages(self) -> Iterator[tuple[str, datetime]]:
        """List the bucket: the objects of a key stand together."""
        present, changed = "", timezone.now()
        for one in self._list(self.prefix):
            key = one["Key"].removeprefix(self.prefix).split("/")[-2:-1]
            if not key or not is_key(key[0]):
                continue
            if key[0] != present:
                if present:
                    yield present, changed
                present, changed = key[0], one["LastModified"]
            changed = max(changed, one["LastModified"])
        if present:
            yield present, changed

    def hosts(self) -> Hosts:
        """Files are sent to the bucket, and seen through us or at the CDN's own name."""
        sent = self._endpoint or f"https://{self.bucket}.s3.{self._region}.amazonaws.com"
        return Hosts(shown=(), sent=(sent,) if self._region or self._endpoint else ())

    def form(self, arrival: Arrival, *, until: datetime) -> Form | None:
        """A signed form, or signed parts for what is large; again for parts not yet there."""
        place = self._place(file_path(arrival.key, arrival.name))
        with _errors():
            return s3_forms.form(self._client, place, arrival, until=until)

    def arrived(self, arrival: Arrival) -> int | None:
        """HEAD, after the parts were put together."""
        path = file_path(arrival.key, arrival.name)
        with _errors():
            if arrival.token:
                s3_forms.join(self._client, self._place(path), arrival)
        try:
            return self.size(path)
        except FileNotFoundError:
            return None

    def abandon(self, arrival: Arrival) -> None:
        """End an upload in parts, which S3 else keeps and bills."""
        place = self._place(file_path(arrival.key, arrival.name))
        if arrival.token:
            with contextlib.suppress(FileNotFoundError), _errors():
                s3_forms.abort(self._client, place, arrival)
        self.drop_key(arrival.key)

    def _place(self, path: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.prefix}{path}"}

    def _describe(self, path: str) -> dict[str, str]:
        return {
            "ContentType": content_type(path),
            "CacheControl": caching(path),
            "ContentDisposition": "inline",
            "ServerSideEncryption": ENCRYPTION,
        }

    def _list(self, start: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=start
        )
        with _errors():
            for page in pages:
                yield from page.get("Contents", ())

    @property
    def _client(self) -> Any:
        return self._hasty if patience.is_hasty() else self._steady

    @functools.cached_property
    def _hasty(self) -> Any:
        return self._connect(*_HASTY)

    @functools.cached_property
    def _steady(self) -> Any:
        return self._connect(*_STEADY)

    def _connect(self, connect_s: float, read_s: float, attempts: int) -> Any:
        config = Config(
            signature_version="s3v4",
            connect_timeout=connect_s,
            read_timeout=read_s,
            retries={"mode": "standard", "total_max_attempts": attempts},
            s3={
                "us_east_1_regional_endpoint": "regional",
                "addressing_style": "path" if self._endpoint else "virtual",
            },
            # TLS guards the bytes; not every store that speaks like S3 knows the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        key_id, secret = self._access or (None, None)
        return boto3.client(
            "s3",
            region_name=self._region,
            endpoint_url=self._endpoint,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            config=config,
        )


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    """The SDK's errors as ours; nothing is begun when patience has ended."""
    patience.check()
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _MISSING:
            raise FileNotFoundError(code) from error
        log.warning("S3 refused", extra={"why": str(error)})
        patience.lose()
        raise StoreUnavailableError from error
    except BotoCoreError as error:
        log.warning("S3 does not answer", extra={"why": str(error)})
        patience.lose()
        raise StoreUnavailableError from error


def from_url(parts: SplitResult, options: dict[str, str]) -> S3Storage:
    """s3://[id:secret@]bucket[/prefix]?region=&endpoint=&cdn= ; raises ImproperlyConfigured."""
    bucket = parts.netloc.rpartition("@")[2]
    if not bucket:
        raise ImproperlyConfigured("MEDIA_BACKEND_URL has to be s3://bucket.")
    return S3Storage(
        bucket,
        prefix=prefix_of(parts),
        region=options.pop("region", None),
        endpoint=options.pop("endpoint", None),
        cdn=options.pop("cdn", ""),
        access=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
    )
