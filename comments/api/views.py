"""Routes of comments, replies and their likes."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.shapes import UserSummarySerializer, UserSummaryShape, user_summary
from comments import selectors, services
from comments.api import serializers as forms
from comments.constants import COMMENT_LIMIT, CommentSort
from comments.models import CommentLike
from comments.shapes import CommentRow, CommentSerializer, CommentShape
from core.api import (
    Access,
    ApiView,
    LeanApiView,
    json_response,
    keyset_page,
    page_request,
    validated,
)
from core.api.pagination import PageQuery
from core.api.serializers import Empty, page_of
from posts.constants import LIKE_LIMIT
from posts.selectors import post_for

CommentPage = page_of(CommentSerializer)
PeoplePage = page_of(UserSummarySerializer)


class _ShapingApi(LeanApiView):
    """A list of comments, shaped for whoever asks."""

    def shapes(self, rows: list[CommentRow]) -> list[CommentShape]:
        """Rows of one page as Comments."""
        return selectors.comment_shapes(viewer=self.viewer, rows=rows)


class PostCommentsApi(_ShapingApi):
    """GET and POST posts/{id}/comments."""

    access = {"GET": Access.OPTIONAL, "POST": Access.VERIFIED}
    limits = {"POST": COMMENT_LIMIT}
    idempotent = frozenset({"POST"})

    @extend_schema(parameters=[forms.CommentsQuery], responses=CommentPage)
    def get(self, request: Request, post_id: int) -> HttpResponse:
        """The comments of a post that answer no other, each with its newest two replies.

        Pinned ones come first in either order. What holds the viewer's hidden words is left out.
        """
        # The order is part of the name, so that a cursor of one is none of the other.
        name = f"comments.{post_id}.{request.query_params.get('sort', CommentSort.NEWEST)}"
        page, query = page_request(request, name=name, form=forms.CommentsQuery)
        sort = CommentSort(query["sort"])
        rows = selectors.comment_roots(
            viewer=self.viewer,
            post_id=post_id,
            sort=sort,
            position=page.position,
            is_backward=page.is_backward,
            limit=page.limit + 1,
        )

        def position(row: CommentRow) -> tuple[Any, ...]:
            return selectors.root_position(row, sort=sort)

        return json_response(page.finish(rows, key=position, shape=self.shapes))

    @extend_schema(request=forms.CommentForm, responses={201: CommentSerializer})
    def post(self, request: Request, post_id: int) -> Response:
        """Comment, or reply to the comment `parent_id` of the same post."""
        data = validated(forms.CommentForm, request)
        post = post_for(viewer=self.viewer, post_id=post_id)
        parent_id = data["parent_id"]
        parent = parent_id and selectors.comment_for(viewer=self.viewer, comment_id=parent_id)
        comment = services.comment_create(
            actor_id=self.viewer.pk, post=post, body=data["body"], parent=parent
        )
        shape = selectors.comment_shape_for(viewer=self.viewer, comment_id=comment.pk)
        return Response(shape, status=201)


class CommentApi(LeanApiView):
    """GET, PATCH and DELETE comments/{id}."""

    access = {"GET": Access.OPTIONAL, "PATCH": Access.USER, "DELETE": Access.USER}

    @extend_schema(responses=CommentSerializer)
    def get(self, request: Request, comment_id: int) -> HttpResponse:
        """One comment."""
        shape = selectors.comment_shape_for(viewer=self.viewer, comment_id=comment_id)
        return json_response(shape)

    @extend_schema(request=forms.CommentEditForm, responses=CommentSerializer)
    def patch(self, request: Request, comment_id: int) -> Response:
        """Change one's own words."""
        data = validated(forms.CommentEditForm, request)
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        services.comment_edit(actor_id=self.viewer.pk, comment=comment, body=data["body"])
        return Response(selectors.comment_shape_for(viewer=self.viewer, comment_id=comment_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, comment_id: int) -> Response:
        """Take it away, with all replies if it is the root of a thread."""
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        services.comment_delete(actor_id=self.viewer.pk, comment=comment)
        return Response(status=204)


class CommentPinApi(ApiView):
    """PUT and DELETE comments/{id}/pin."""

    access = Access.USER

    @extend_schema(request=Empty, responses=forms.CommentPinSerializer)
    def put(self, request: Request, comment_id: int) -> Response:
        """Keep it on top; for the author of the post, at most three of its comments."""
        validated(Empty, request)
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        services.comment_pin(actor_id=self.viewer.pk, comment=comment)
        return Response({"pinned": True})

    @extend_schema(responses=forms.CommentPinSerializer)
    def delete(self, request: Request, comment_id: int) -> Response:
        """Put it back into its place."""
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        services.comment_unpin(actor_id=self.viewer.pk, comment=comment)
        return Response({"pinned": False})


class CommentApproveApi(ApiView):
    """POST comments/{id}/approve."""

    access = Access.USER

    @extend_schema(request=Empty, responses=CommentSerializer)
    def post(self, request: Request, comment_id: int) -> Response:
        """Let everybody see a comment that waits; for the author of the post."""
        validated(Empty, request)
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        services.comment_approve(actor_id=self.viewer.pk, comment=comment)
        return Response(selectors.comment_shape_for(viewer=self.viewer, comment_id=comment_id))


class CommentRepliesApi(_ShapingApi):
    """GET comments/{id}/replies."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[PageQuery], responses=CommentPage)
    def get(self, request: Request, comment_id: int) -> HttpResponse:
        """All replies in the thread of a root, oldest first."""
        page, _ = page_request(request, name=f"replies.{comment_id}")
        root = selectors.comment_row_for(viewer=self.viewer, comment_id=comment_id)
        rows = selectors.comment_replies(
            viewer=self.viewer,
            root_id=root.id,
            position=page.position,
            is_backward=page.is_backward,
            limit=page.limit + 1,
        )
        return json_response(page.finish(rows, key=lambda row: (row.id,), shape=self.shapes))


class CommentLikeApi(ApiView):
    """PUT and DELETE comments/{id}/like."""

    access = Access.VERIFIED
    limits = {"PUT": LIKE_LIMIT}

    @extend_schema(request=Empty, responses=forms.CommentLikeSerializer)
    def put(self, request: Request, comment_id: int) -> Response:
        """Like it."""
        validated(Empty, request)
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        return Response(asdict(services.comment_like(actor_id=self.viewer.pk, comment=comment)))

    @extend_schema(responses=forms.CommentLikeSerializer)
    def delete(self, request: Request, comment_id: int) -> Response:
        """Take the like back."""
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        return Response(asdict(services.comment_unlike(actor_id=self.viewer.pk, comment=comment)))


class CommentLikesApi(ApiView):
    """GET comments/{id}/likes."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[PageQuery], responses=PeoplePage)
    def get(self, request: Request, comment_id: int) -> Response:
        """Who likes it, newest first."""
        page, _ = page_request(request, name=f"comment-likes.{comment_id}")
        comment = selectors.comment_for(viewer=self.viewer, comment_id=comment_id)
        rows = selectors.comment_likes(viewer=self.viewer, comment=comment)
        return Response(keyset_page(rows, page, order=("-pk",), shape=_people))


def _people(rows: list[CommentLike]) -> list[UserSummaryShape]:
    return [user_summary(row.user) for row in rows]
