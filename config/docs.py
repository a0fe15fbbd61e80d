"""The OpenAPI document, and Swagger UI without inline scripts."""

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.client import CONTENT_SECURITY_POLICY
from core.api import Access, ApiView


@extend_schema(exclude=True)
class SchemaView(ApiView, SpectacularAPIView):
    """GET schema: OpenAPI 3 as JSON."""

    access = Access.PUBLIC
    renderer_classes = [OpenApiJsonRenderer]


@extend_schema(exclude=True)
class DocsView(ApiView, SpectacularSwaggerSplitView):
    """GET docs: the document to read and try."""

    access = Access.PUBLIC
    renderer_classes = [TemplateHTMLRenderer]
    url_name = "schema"

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Swagger UI writes style attributes; it needs nothing else that the client has not."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "style-src 'self'", "style-src 'self' 'unsafe-inline'"
        )
        return final
