"""Like, save, archive and pin a post, and take each back."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, validated
from core.api.serializers import Empty
from core.errors import FieldError, NotFoundError, RuleError
from posts import selectors, services
from posts.api import serializers as forms
from posts.constants import EDIT_LIMIT, LIKE_LIMIT
from posts.models import Collection


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
        """Keep it in one's own list, and in a collection if one is named; again changes nothing.

        422 `collection_unknown`, `collection_full`.
        """
        collection_id = validated(forms.PostSaveForm, request).get("collection_id")
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        if collection_id is None:
            services.post_save(actor_id=self.viewer.pk, post=post)
        else:
            services.collection_add(collection=self._collection(collection_id), post=post)
        return Response({"saved": True})

    @extend_schema(responses=forms.SavedSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Take it off the list and out of one's collections; again changes nothing."""
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.post_unsave(actor_id=self.viewer.pk, post=post)
        return Response({"saved": False})

    def _collection(self, collection_id: int) -> Collection:
        """One's own. Raises RuleError `collection_unknown`: the route itself was found."""
        try:
            return selectors.collection_for(viewer=self.viewer, collection_id=collection_id)
        except NotFoundError as error:
            message = "There is no such collection of yours."
            errors = [FieldError("collection_id", "collection_unknown", message)]
            raise RuleError(message, code="collection_unknown", errors=errors) from error


class PostArchiveApi(ApiView):
    """PUT and DELETE posts/{id}/archive."""

    access = Access.USER
    limits = {"PUT": EDIT_LIMIT, "DELETE": EDIT_LIMIT}

    @extend_schema(request=Empty, responses=forms.ArchivedSerializer)
    def put(self, request: Request, post_id: int) -> Response:
        """Take one's own post out of sight; again changes nothing. 409 `not_published`."""
        validated(Empty, request)
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_archive(actor_id=self.viewer.pk, post=post)
        return Response({"archived": True})

    @extend_schema(responses=forms.ArchivedSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Show it again; again changes nothing. 409 `not_published`."""
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_unarchive(actor_id=self.viewer.pk, post=post)
        return Response({"archived": False})


class PostPinApi(ApiView):
    """PUT and DELETE posts/{id}/pin."""

    access = Access.USER
    limits = {"PUT": EDIT_LIMIT, "DELETE": EDIT_LIMIT}

    @extend_schema(request=Empty, responses=forms.PinnedSerializer)
    def put(self, request: Request, post_id: int) -> Response:
        """To the top of one's own grid; again changes nothing. 409 `not_published`, 422 `pin_limit`."""
        validated(Empty, request)
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_pin(actor_id=self.viewer.pk, post=post)
        return Response({"pinned": True})

    @extend_schema(responses=forms.PinnedSerializer)
    def delete(self, request: Request, post_id: int) -> Response:
        """Back among the others; again changes nothing."""
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_unpin(actor_id=self.viewer.pk, post=post)
        return Response({"pinned": False})
