"""Like and save a post, and take either back."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, validated
from core.api.serializers import Empty
from core.errors import FieldError, RuleError
from posts import selectors, services
from posts.api import serializers as forms
from posts.constants import LIKE_LIMIT


class PostLikeApi(ApiView):
    """PUT and DELETE posts/{id}/like."""

    access = Access.VERIFIED
    limits = {"PUT": LIKE_LIMIT}

    @extend_schema(request=Empty, responses=forms.LikedSerializer)
    def put(self, request: Request, post_id: int) -> Response:
        """Like; again changes nothing."""
        validated(Empty, request)
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        return Response(asdict(services.post_like(actor_id=self.viewer.pk, post=post)))

    @extend_schema(responses=forms.LikedSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Take the like back; again changes nothing."""
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        return Response(asdict(services.post_unlike(actor_id=self.viewer.pk, post=post)))


class PostSaveApi(ApiView):
    """PUT and DELETE posts/{id}/save."""

    access = Access.USER
    limits = {"PUT": LIKE_LIMIT}

    @extend_schema(request=forms.PostSaveForm, responses=forms.SavedSerializer)
    def put(self, request: Request, post_id: int) -> Response:
        """Keep it in one's own list; again changes nothing.

        Collections are not available yet (422 `not_available`).
        """
        if validated(forms.PostSaveForm, request).get("collection_id") is not None:
            raise _no_collections()
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.post_save(actor_id=self.viewer.pk, post=post)
        return Response({"saved": True})

    @extend_schema(responses=forms.SavedSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Take it off the list; again changes nothing."""
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.post_unsave(actor_id=self.viewer.pk, post=post)
        return Response({"saved": False})


def _no_collections() -> RuleError:
    message = "Collections are not available yet."
    errors = [FieldError("collection_id", "not_available", message)]
    return RuleError(message, code="not_available", errors=errors)
