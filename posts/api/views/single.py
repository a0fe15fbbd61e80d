"""Create, read, edit and delete a post."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, LeanApiView, json_response, validated
from core.errors import FieldError, RuleError
from posts import selectors, services
from posts.api import serializers as forms
from posts.constants import POST_LIMIT, Audience, PostState
from posts.shapes import AUDIENCE_NAMES, PostSerializer

AUDIENCES = {name: Audience(value) for value, name in AUDIENCE_NAMES.items()}
# What the contract has and this server does not do yet: refused, never silently left out.
LATER: dict[str, Any] = {
    "place": None,
    "people_tags": [],
    "state": PostState.PUBLISHED,
    "publish_at": None,
}


class PostCreateApi(ApiView):
    """POST posts."""

    access = Access.VERIFIED
    limits = {"POST": POST_LIMIT}
    idempotent = frozenset({"POST"})

    @extend_schema(request=forms.PostCreateForm, responses={201: PostSerializer})
    def post(self, request: Request) -> Response:
        """Publish 1 to 20 of one's own pictures that nothing else uses.

        Places, people tags, drafts and times to publish at are not available yet
        (422 `not_available`).
        """
        form = validated(forms.PostCreateForm, request)
        _refuse_later(form)
        if "audience" in form:
            form["audience"] = AUDIENCES[form["audience"]]
        post = services.post_create(author_id=self.viewer.pk, **form)
        shape = selectors.post_shape_for(viewer=self.viewer, post_id=post.pk)
        return Response(shape, status=201)


class PostApi(LeanApiView):
    """GET, PATCH and DELETE posts/{id}."""

    access = {"GET": Access.OPTIONAL, "PATCH": Access.USER, "DELETE": Access.USER}

    @extend_schema(responses=PostSerializer)
    def get(self, request: Request, post_id: int) -> Any:
        """A post by id."""
        return json_response(selectors.post_shape_for(viewer=self.viewer, post_id=post_id))

    @extend_schema(request=forms.PostEditForm, responses=PostSerializer)
    def patch(self, request: Request, post_id: int) -> Response:
        """Change the caption and alternative texts of one's own post."""
        form = validated(forms.PostEditForm, request)
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.post_edit(
            actor_id=self.viewer.pk,
            post=post,
            caption=form.get("caption"),
            alt_texts=[(item["id"], item["alt_text"]) for item in form.get("media", [])],
        )
        return Response(selectors.post_shape_for(viewer=self.viewer, post_id=post_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: int) -> Response:
        """Take one's own post away."""
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.post_delete(actor_id=self.viewer.pk, post=post)
        return Response(status=204)


class PostByCodeApi(LeanApiView):
    """GET posts/by-code/{shortcode}."""

    access = Access.OPTIONAL

    @extend_schema(responses=PostSerializer)
    def get(self, request: Request, shortcode: str) -> Any:
        """A post by its public name."""
        shape = selectors.post_shape_by_code(viewer=self.viewer, shortcode=shortcode)
        return json_response(shape)


def _refuse_later(form: dict[str, Any]) -> None:
    """Take out what is not available yet. Raises RuleError if it asks for more than nothing."""
    asked = [name for name, nothing in LATER.items() if form.pop(name, nothing) != nothing]
    if asked:
        message = "This is not available yet."
        errors = [FieldError(name, "not_available", message) for name in asked]
        raise RuleError(message, code="not_available", errors=errors)
