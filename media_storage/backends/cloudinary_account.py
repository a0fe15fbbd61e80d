"""An account of Cloudinary: how our files are called there, and every signature of theirs."""

import functools
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import cloudinary.auth_token
from cloudinary import utils

from media_storage.backends.base import Arrival, Form, Rendition, file_path
from media_storage.backends.remote import folder_of
from media_storage.constants import (
    AVIF_WIDTHS,
    EXTENSIONS,
    FURTHER_WIDTHS,
    ORIGINAL_STEM,
    PICTURE_TYPES,
    VIDEO_TYPES,
)

Kind = Literal["raw", "image", "video"]
#: Cloudinary takes a signature whose timestamp is at most so old.
SIGNATURE_AGE_S: Final = 3600
#: A notification may come late, for Cloudinary repeats it; never from the future.
WEBHOOK_AGE_S: Final = 3600
WEBHOOK_AHEAD_S: Final = 300


@dataclass(frozen=True, slots=True)
class Asset:
    """One file there. `name` is ours, with its ending; a `raw` public id has it, others have not."""

    kind: Kind
    type: str
    public_id: str
    name: str
    bytes: int = 0

    def moved(self, folder: str, old: str, new: str) -> "Asset":
        """The same under another key, with that key's type."""
        public_id = folder_of(folder, new) + self.public_id.removeprefix(folder_of(folder, old))
        return Asset(self.kind, type_of(new), public_id, self.name, self.bytes)


def type_of(key: str) -> str:
    """Public keys are `upload`, which anybody may read; all others `authenticated`."""
    return "upload" if key.startswith("p") else "authenticated"


@dataclass(frozen=True)
class Account:
    """What MEDIA_BACKEND_URL says. `auth_key` (hex) is that of token-based delivery, if bought.

    `api` and `cdn` name other hosts than Cloudinary's own; `notify` is where it tells of uploads.
    """

    cloud: str
    key: str
    secret: str
    folder: str = ""
    auth_key: str = ""
    eager: str = ""
    algorithm: str = "sha1"
    api: str = "https://api.cloudinary.com"
    cdn: str = ""
    notify: str = ""

    @property
    def access(self) -> dict[str, Any]:
        """What each call of the SDK gets: nothing is global."""
        return {
            "cloud_name": self.cloud,
            "api_key": self.key,
            "api_secret": self.secret,
            "upload_prefix": self.api,
            "signature_algorithm": self.algorithm,
        }

    @functools.cached_property
    def renditions(self) -> tuple[Rendition, ...]:
        """The sizes that Cloudinary makes of a JPEG original, with `eager` at 1."""
        if self.eager != "1":
            return ()
        webp = [Rendition(width, "image/webp") for width in FURTHER_WIDTHS]
        avif = [Rendition(width, "image/avif") for width in AVIF_WIDTHS]
        return (*webp, *avif)

    def eager_sizes(self) -> list[dict[str, Any]]:
        """The same as the SDK wants it."""
        return [_transformation(one) for one in self.renditions]

    @staticmethod
    def type_of(key: str) -> str:
        """See type_of."""
        return type_of(key)

    def kinds(self, key: str) -> Sequence[Kind]:
        """Which kinds of assets a key may have: only originals and arrivals are not all `raw`."""
        return ("raw", "image", "video") if key.startswith("o") else ("raw",)

    def asset_of(self, key: str, name: str) -> Asset:
        """Where a file is to be."""
        return self.asset(file_path(key, name))

    def asset(self, path: str) -> Asset:
        """Where the file of this path is to be."""
        key, name = path.split("/")[-2:]
        kind: Kind = "image" if self.renditions and name == f"{ORIGINAL_STEM}.jpg" else "raw"
        return self._asset(kind, path, key, name)

    def assets(self, path: str) -> list[Asset]:
        """Where the file may be: `eager` may have been switched since it came."""
        key, name = path.split("/")[-2:]
        return [self._asset(kind, path, key, name) for kind in self.kinds(key)]

    def _asset(self, kind: Kind, path: str, key: str, name: str) -> Asset:
        full = self.folder + path
        return Asset(kind, type_of(key), full if kind == "raw" else full.rpartition(".")[0], name)

    def listed(self, one: dict[str, Any], kind: Kind) -> Asset:
        """An asset as the Admin API lists it."""
        name = str(one["public_id"]).rpartition("/")[2]
        if kind != "raw":
            name = f"{name}.{one['format']}"
        return Asset(kind, one["type"], one["public_id"], name, int(one["bytes"]))

    def delivery(self, asset: Asset) -> str:
        """The signed address of a file, for ourselves: it does not end."""
        return self._url(asset.public_id, asset)

    def derived(self, asset: Asset, rendition: Rendition) -> str:
        """The signed address of a size that Cloudinary made."""
        options = _transformation(rendition)
        return self._url(asset.public_id, asset, **options)

    def _url(self, source: str, asset: Asset, **options: Any) -> str:
        url, _ = utils.cloudinary_url(
            source,
            cloud_name=self.cloud,
            api_secret=self.secret,
            signature_algorithm=self.algorithm,
            resource_type=asset.kind,
            type=asset.type,
            sign_url=asset.type != "upload",
            auth_token=False,
            secure=True,
            analytics=False,
            **options,
        )
        return self._base + str(url).removeprefix(f"https://res.cloudinary.com/{self.cloud}")

    @property
    def _base(self) -> str:
        return self.cdn or f"https://res.cloudinary.com/{self.cloud}"

    @property
    def origin(self) -> str:
        """Scheme and host of the delivery."""
        parts = urlsplit(self._base)
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, key: str, *, end: int) -> tuple[str, str] | None:
        """Before and behind the name of a file of ours; None where only we can end an address."""
        before = f"{self._base}/raw/{type_of(key)}/v1/{folder_of(self.folder, key)}"
        if type_of(key) == "upload":
            return before, ""
        # Originals may be of another kind than raw.
        if not self.auth_key or key.startswith("o"):
            return None
        acl = f"{urlsplit(before).path}*"
        token = cloudinary.auth_token.generate(acl=acl, expiration=end, key=self.auth_key)
        return before, f"?{token}"

    def form(self, arrival: Arrival, *, until: datetime) -> Form:
        """The signature covers all fields but the file; it ends when `until` says."""
        kind = arrival.content_type.partition("/")[0]
        path = file_path(arrival.key, arrival.name)
        fields: dict[str, Any] = {
            "public_id": (self.folder + path).rpartition(".")[0],
            "type": type_of(arrival.key),
            "allowed_formats": ",".join(_formats(kind)),
            "overwrite": "false",
            "timestamp": int(until.timestamp()) - SIGNATURE_AGE_S,
        }
        if self.notify:
            fields["notification_url"] = self.notify
        signed = utils.sign_request(fields, self.access)
        url = utils.cloudinary_api_url("upload", resource_type=kind, **self.access)
        return Form(url=url, fields={name: str(value) for name, value in signed.items()})

    def is_from_cloudinary(self, body: bytes, timestamp: str, signature: str) -> bool:
        """True if a notification is signed with our secret, and not old."""
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):  # noqa: PLR2004
            return False
        age = time.time() - int(timestamp)
        if not -WEBHOOK_AHEAD_S <= age <= WEBHOOK_AGE_S:
            return False
        text = body + timestamp.encode() + self.secret.encode()
        known = hashlib.new(self.algorithm, text).hexdigest()
        return hmac.compare_digest(known.encode(), signature.encode(errors="replace"))


def _transformation(rendition: Rendition) -> dict[str, Any]:
    """Never larger than the original; metadata stays behind, as Cloudinary does by itself."""
    return {
        "crop": "limit",
        "width": rendition.width,
        "format": EXTENSIONS[rendition.type],
    }


def _formats(kind: str) -> list[str]:
    """The endings that a direct upload of this kind may have, in Cloudinary's words."""
    types = VIDEO_TYPES if kind == "video" else PICTURE_TYPES
    return sorted(EXTENSIONS[type_] for type_ in types)
