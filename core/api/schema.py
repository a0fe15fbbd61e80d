"""OpenAPI by drf-spectacular: operation names from the views, security from their access rules."""

from typing import TYPE_CHECKING, Any, Literal, cast

from drf_spectacular.openapi import AutoSchema

from core.api.access import Access
from core.api.serializers import ProblemSerializer

if TYPE_CHECKING:
    from core.api.views import ApiView

BEARER: dict[str, list[str]] = {"bearer": []}


class JyotiSchema(AutoSchema):
    """Adds to each operation what every route has in common."""

    def get_auth(self) -> list[dict[str, Any]]:
        """No scheme, an optional one, or the bearer token."""
        view = cast("ApiView", self.view)
        rule = view.access_for(self.method)
        if rule is Access.PUBLIC:
            return [{}]
        return [BEARER, {}] if rule is Access.OPTIONAL else [BEARER]

    def get_tags(self) -> list[str]:
        """The app that the route belongs to."""
        return [type(self.view).__module__.split(".")[0]]

    def get_operation_id(self) -> str:
        """`PostLikeApi` PUT becomes `postLikePut`."""
        name = type(self.view).__name__.removesuffix("Api")
        return name[0].lower() + name[1:] + self.method.title()

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        responses = self._declared_response_bodies(direction)
        responses["4XX"] = {
            **self._get_response_for_code(  # type: ignore[no-untyped-call]
                ProblemSerializer, "4XX", media_types=["application/problem+json"]
            ),
            "description": "A problem; its code is stable.",
        }
        return responses

    def _declared_response_bodies(
        self, direction: Literal["request", "response"]
    ) -> dict[str, Any]:
        """A DELETE that declares a body answers 200; spectacular would make it 204 without one."""
        declared = self.get_response_serializers()
        if self.method == "DELETE" and not isinstance(declared, dict):
            body = self._get_response_for_code(  # type: ignore[no-untyped-call]
                declared, "200", direction=direction
            )
            return {"200": body}
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        return bodies
