"""The OpenAPI document, and Swagger UI without inline scripts."""

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

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
