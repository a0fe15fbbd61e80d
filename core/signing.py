"""One key per purpose, all derived from SECRET_KEY, and short HMAC signatures made with them."""

import base64
import hashlib
import hmac
from functools import cache

from django.conf import settings


@cache
def _derived(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"jyoti.{purpose}".encode(), hashlib.sha256)


def purpose_key(purpose: str) -> bytes:
    """32 bytes for one purpose, as HKDF's extract step gives them (RFC 5869)."""
    return _derived(settings.SECRET_KEY, purpose)


def sign(purpose: str, message: str, *, length: int = 16) -> str:
    """The first `length` bytes of HMAC-SHA256 over the message, as URL-safe text (RFC 2104)."""
    digest = hmac.digest(purpose_key(purpose), message.encode(), hashlib.sha256)[:length]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_signed(purpose: str, message: str, signature: str, *, length: int = 16) -> bool:
    """True if the signature is ours, compared in constant time."""
    return hmac.compare_digest(
        sign(purpose, message, length=length).encode(), signature.encode(errors="replace")
    )
