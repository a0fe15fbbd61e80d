"""Addresses of files: permanent ones for public keys, signed ones that end for all others.

A key tells by its first letter whether it needs a signature, and one signature serves all files
of a key, so a web server or a CDN can check it without a database: `s` is the start of
HMAC-SHA256 over `<key>:<e>`, and `e` the second at which it ends.
"""

import secrets
import time
from datetime import datetime
from typing import Final, Literal

from django.conf import settings

from core.signing import is_signed, sign
from media_storage.backends.storage import media_storage
from media_storage.constants import AVATAR_SIDES, URL_WINDOW_S

PUBLIC, SIGNED, ORIGINAL = "p", "s", "o"
PURPOSE: Final = "media-address"
DIRECT_PURPOSE: Final = "media-direct"
E_DIGITS: Final = 12

Verdict = Literal["valid", "expired", "wrong"]


def new_key(letter: str) -> str:
    """A key that nobody can guess, 128 random bits; the letter says who may read it."""
    return letter + secrets.token_hex(16)


def is_public_key(key: str) -> bool:
    """True if whoever knows the address may read the files."""
    return key.startswith(PUBLIC)


def window_end(now: float, until: datetime | None = None) -> int:
    """When an address made now ends: with the next 5-minute window, or at `until` if sooner.

    All addresses of one window are equal, so that browsers find the picture in their cache.
    """
    end = (int(now) // URL_WINDOW_S + 2) * URL_WINDOW_S
    return end if until is None else min(end, int(until.timestamp()))


def address(key: str, *, until: datetime | None = None) -> tuple[str, str]:
    """What stands before and behind the name in the address of every file of this key."""
    end = window_end(time.time(), until)
    elsewhere = media_storage().address(key, end=end)
    if elsewhere is not None:
        return elsewhere
    before = f"{settings.MEDIA_URL}{key}/"
    if is_public_key(key):
        return before, ""
    return before, f"?e={end}&s={sign(PURPOSE, f'{key}:{end}')}"


def avatar_url(key: str | None, *, side: int = AVATAR_SIDES[1]) -> str | None:
    """The address of an avatar, of which each side of AVATAR_SIDES exists; None without one."""
    if not key:
        return None
    before, behind = address(key)
    return f"{before}{side}.webp{behind}"


def direct_address(upload_id: int, *, until: datetime) -> str:
    """Where a client may send one file through us until then; the signature is all it needs."""
    end = int(until.timestamp())
    signature = sign(DIRECT_PURPOSE, f"{upload_id}:{end}")
    return f"{settings.SITE_URL}/api/v1/media/uploads/{upload_id}/file?e={end}&s={signature}"


def is_direct_address(upload_id: int, end: str, signature: str) -> bool:
    """Whether such an address is ours and has not ended."""
    if not (end.isascii() and end.isdigit() and len(end) <= E_DIGITS):
        return False
    is_ours = is_signed(DIRECT_PURPOSE, f"{upload_id}:{int(end)}", signature)
    return is_ours and time.time() < int(end)


def verdict(key: str, end: str, signature: str) -> Verdict:
    """Whether the signature of a key that needs one is right and has not ended."""
    if not (end.isascii() and end.isdigit() and len(end) <= E_DIGITS):
        return "wrong"
    if not is_signed(PURPOSE, f"{key}:{int(end)}", signature):
        return "wrong"
    return "valid" if time.time() < int(end) else "expired"
