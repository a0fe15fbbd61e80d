"""Media in Cloudinary: our own files as they are, uploaded and delivered by signature alone."""

import contextlib
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import SplitResult, unquote

import urllib3
from cloudinary import api, uploader, utils
from cloudinary.exceptions import BadRequest, Error, NotFound
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.utils.deconstruct import deconstructible

from core.errors import PayloadTooLargeError
from media_storage.backends import patience
from media_storage.backends.base import (
    Arrival,
    Form,
    Hosts,
    Rendition,
    StoreUnavailableError,
    is_key,
)
from media_storage.backends.cloudinary_account import Account, Asset, Kind
from media_storage.backends.remote import RemoteStorage, folder_of, on_disk, prefix_of
from media_storage.constants import CLOUDINARY_WHOLE_BYTES_MAX, DIRECT_PART_BYTES

log = logging.getLogger(__name__)
# The SDK tries to connect four times, and this cannot be changed by call.
_HASTY: Final = urllib3.Timeout(connect=0.4, read=1.2)
_STEADY: Final = urllib3.Timeout(connect=5.0, read=60.0)
_PAGE: Final = 500
_OPTIONS: Final = ("auth_key", "eager", "algorithm", "api", "cdn")
WEBHOOK_PATH: Final = "/api/v1/media/webhooks/cloudinary"


@deconstructible
class CloudinaryStorage(RemoteStorage):
    """Assets `<folder><letter>/<two digits>/<key>/<name>`, of type `authenticated` unless public.

    Variants are ours and stay what they are (`raw`). With `eager`, JPEG originals go up as `image`
    and Cloudinary makes the further sizes of them, which `ready_made` fetches.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self._pool = urllib3.PoolManager(retries=False)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        asset = self.account.asset(name)
        options: dict[str, Any] = {**self._named(asset), "overwrite": True, "invalidate": True}
        if asset.kind == "image":
            options |= {"eager": self.account.eager_sizes(), "eager_async": True}
        sending = patience.Sending(content)
        with self._errors():
            if content.size > DIRECT_PART_BYTES:
                uploader.upload_large(sending, chunk_size=DIRECT_PART_BYTES, **options)
            else:
                uploader.upload(sending, **options)
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        for asset in self.account.assets(name):
            with contextlib.suppress(FileNotFoundError):
                return self._get(self.account.delivery(asset))
        raise FileNotFoundError(name)

    def delete(self, name: str) -> None:
        """Destroy one asset, at the edge too; a missing one is fine."""
        for asset in self.account.assets(name):
            with self._errors():
                uploader.destroy(**self._named(asset), invalidate=True)

    def exists(self, name: str) -> bool:
        """Whether there is such an asset."""
        key, _, file = name.rpartition("/")
        return file in self.sizes(key.rpartition("/")[2])

    def size(self, name: str) -> int:
        """Its bytes. Raises FileNotFoundError."""
        key, _, file = name.rpartition("/")
        sizes = self.sizes(key.rpartition("/")[2])
        if file not in sizes:
            raise FileNotFoundError(name)
        return sizes[file]

    def copy_key(self, old: str, new: str) -> None:
        """Cloudinary fetches its own files by signed address: a copy with the new key's type.

        Not `rename`: that takes the old name away before our row says the new one, and a crash
        between would lose the picture.
        """
        found = list(self._list(old))
        if not found:
            raise FileNotFoundError(old)
        for asset in found:
            target = asset.moved(self.account.folder, old, new)
            options = {**self._named(target), "overwrite": True, "invalidate": True}
            with self._errors():
                uploader.upload(self.account.delivery(asset), **options)

    def drop_key(self, key: str) -> None:
        """Delete by prefix, at the edge too."""
        for kind in self.account.kinds(key):
            cursor: str | None = ""
            while cursor is not None:
                with self._errors():
                    answer = api.delete_resources_by_prefix(
                        folder_of(self.account.folder, key),
                        resource_type=kind,
                        type=self.account.type_of(key),
                        invalidate=True,
                        next_cursor=cursor or None,
                        **self._access(),
                    )
                cursor = answer.get("next_cursor")

    def sizes(self, key: str) -> dict[str, int]:
        """Ask the Admin API."""
        return {asset.name: asset.bytes for asset in self._list(key)}

    def key_ages(self) -> Iterator[tuple[str, datetime]]:
        """Ask the Admin API for everything below the folder, kind by kind."""
        for kind, type_ in (
            ("raw", "upload"),
            ("raw", "authenticated"),
            ("image", "authenticated"),
            ("video", "authenticated"),
        ):
            ages: dict[str, datetime] = {}
            for one in self._resources(self.account.folder, kind, type_):
                key = one["public_id"].split("/")[-2]
                changed = datetime.fromisoformat(one["created_at"]).astimezone(UTC)
                ages[key] = max(changed, ages.get(key, changed))
            yield from ((key, at) for key, at in ages.items() if is_key(key))

    def hosts(self) -> Hosts:
        """Cloudinary's CDN and its API."""
        return Hosts(shown=(self.account.origin,), sent=(self.account.api,))

    def form(self, arrival: Arrival, *, until: datetime) -> Form | None:
        """A signed form for this asset, these formats, and no unsigned preset."""
        if arrival.bytes > CLOUDINARY_WHOLE_BYTES_MAX:
            return None
        return self.account.form(arrival, until=until)

    def arrived(self, arrival: Arrival) -> int | None:
        """What the Admin API says of the one asset."""
        return next((asset.bytes for asset in self._list(arrival.key)), None)

    def address(self, key: str, *, end: int) -> tuple[str, str] | None:
        """Public keys, and with an `auth_key` all, come from Cloudinary's CDN; one token a key."""
        return self.account.address(key, end=end)

    def is_told_by(self, body: bytes, *, timestamp: str, signature: str) -> bool:
        """Signed with our secret, within the hour."""
        return self.account.is_from_cloudinary(body, timestamp, signature)

    def ready_made(self, key: str, name: str, wanted: Sequence[Rendition]) -> list[bytes] | None:
        """The eager sizes, fetched by signature; None where one is not there (yet)."""
        asset = self.account.asset_of(key, name)
        if asset.kind != "image" or not set(wanted) <= set(self.account.renditions):
            return None
        made: list[bytes] = []
        for rendition in wanted:
            try:
                with self._get(self.account.derived(asset, rendition)) as file:
                    made.append(file.read())
            except (FileNotFoundError, StoreUnavailableError):
                return None
        return made

    def _named(self, asset: Asset) -> dict[str, Any]:
        return {
            "public_id": asset.public_id,
            "resource_type": asset.kind,
            "type": asset.type,
            **self._access(),
        }

    def _access(self) -> dict[str, Any]:
        timeout = _HASTY if patience.is_hasty() else _STEADY
        return {**self.account.access, "timeout": timeout}

    def _list(self, key: str) -> Iterator[Asset]:
        for kind in self.account.kinds(key):
            prefix = folder_of(self.account.folder, key)
            for one in self._resources(prefix, kind, self.account.type_of(key)):
                yield self.account.listed(one, kind)

    def _resources(self, prefix: str, kind: Kind | str, type_: str) -> Iterator[Any]:
        cursor: str | None = ""
        while cursor is not None:
            with self._errors():
                answer = api.resources(
                    resource_type=kind,
                    type=type_,
                    prefix=prefix,
                    max_results=_PAGE,
                    next_cursor=cursor or None,
                    **self._access(),
                )
            yield from answer["resources"]
            cursor = answer.get("next_cursor")

    def _get(self, url: str) -> File[Any]:
        """One GET of the delivery. Raises FileNotFoundError or StoreUnavailableError."""
        try:
            patience.check()
            timeout = _HASTY if patience.is_hasty() else _STEADY
            answer = self._pool.request("GET", url, timeout=timeout, preload_content=False)
            with contextlib.closing(answer):
                if answer.status == 404:  # noqa: PLR2004
                    raise FileNotFoundError
                if answer.status != 200:  # noqa: PLR2004
                    log.warning("Cloudinary refused", extra={"status": answer.status})
                    raise StoreUnavailableError
                return on_disk(answer.stream(patience.CHUNK))
        except urllib3.exceptions.HTTPError as error:
            patience.lose()
            raise StoreUnavailableError from error

    @staticmethod
    @contextlib.contextmanager
    def _errors() -> Iterator[None]:
        """The SDK's errors as ours; nothing is begun when patience has ended."""
        patience.check()
        try:
            yield
        except NotFound as error:
            raise FileNotFoundError from error
        except Error as error:
            if isinstance(error, BadRequest) and "too large" in str(error).lower():
                raise PayloadTooLargeError(code="file_too_large") from error
            log.warning("Cloudinary failed", extra={"why": str(error)})
            patience.lose()
            raise StoreUnavailableError from error


def from_url(parts: SplitResult, options: dict[str, str]) -> CloudinaryStorage:
    """cloudinary://key:secret@cloud[/folder]?auth_key=&eager=&algorithm=&api=&cdn= .

    Raises ImproperlyConfigured.
    """
    if not (parts.username and parts.password and parts.hostname):
        raise ImproperlyConfigured("MEDIA_BACKEND_URL has to be cloudinary://key:secret@cloud.")
    known = {name: options.pop(name) for name in _OPTIONS if name in options}
    if known.get("algorithm", "sha1") not in utils.signature_algorithms:
        raise ImproperlyConfigured("MEDIA_BACKEND_URL: algorithm is sha1 or sha256.")
    if not re.fullmatch("([0-9a-fA-F]{2})*", known.get("auth_key", "")):
        raise ImproperlyConfigured("MEDIA_BACKEND_URL: auth_key is hexadecimal.")
    account = Account(
        cloud=parts.netloc.rpartition("@")[2],
        key=unquote(parts.username),
        secret=unquote(parts.password),
        folder=prefix_of(parts),
        # Cloudinary cannot reach a laptop.
        notify=settings.SITE_URL + WEBHOOK_PATH if settings.SITE_URL[:6] == "https:" else "",
        **known,
    )
    return CloudinaryStorage(account)
