"""The site under load, and how it is reached."""

import ssl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Target:
    """A site: its URL, the address to connect to instead of its name, and whom to trust."""

    url: str
    address: str | None = None
    certificate: Path | None = None

    @property
    def host(self) -> str:
        """The value of the Host header."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """The host's name, without its port."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port to connect to."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def socket_url(self) -> str:
        """Where the gateway answers."""
        return f"{self.url.replace('http', 'ws', 1)}/ws/v1"

    @cached_property
    def tls_context(self) -> ssl.SSLContext | None:
        """Whom to trust; None for plain http. A given certificate is the only one trusted."""
        if not self.url.startswith("https:"):
            return None
        return ssl.create_default_context(cafile=self.certificate)
