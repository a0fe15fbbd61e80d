"""PostgreSQL and Valkey for a laptop or a test run, ended with their last user."""

from core.embedded.services import EmbeddedServiceError, Kind, ServiceUrls, ensure_services

__all__ = ["EmbeddedServiceError", "Kind", "ServiceUrls", "ensure_services"]
