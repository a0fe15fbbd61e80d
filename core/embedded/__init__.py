"""PostgreSQL and Valkey for a laptop or a test run, ended with their last user."""

from core.embedded.catalogue import ServiceKind
from core.embedded.errors import EmbeddedServiceError
from core.embedded.services import ServiceUrls, ensure_services, release_services

__all__ = [
    "EmbeddedServiceError",
    "ServiceKind",
    "ServiceUrls",
    "ensure_services",
    "release_services",
]
