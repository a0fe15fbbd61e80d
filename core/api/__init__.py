"""What every app's `api` builds on."""

from core.api import converters as converters
from core.api.access import Access
from core.api.pagination import PageRequest, keyset_page, page_request
from core.api.serializers import StrictSerializer, validated, validated_query
from core.api.views import ApiView, LeanApiView, json_response
from core.viewer import Viewer

__all__ = [
    "Access",
    "ApiView",
    "LeanApiView",
    "PageRequest",
    "StrictSerializer",
    "Viewer",
    "json_response",
    "keyset_page",
    "page_request",
    "validated",
    "validated_query",
]
