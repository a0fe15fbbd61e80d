"""Create, read, edit and delete a post, bring it out, and take it back from the bin."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

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
from posts import selectors, services
from posts.api import serializers as forms
from posts.constants import EDIT_LIMIT, POST_LIMIT, Audience, PostState
from posts.models import PostRevision
from posts.services import PersonAt
from posts.shapes import (
    AUDIENCE_NAMES,
    PostSerializer,
    RevisionSerializer,
    RevisionShape,
    revision_shape,
)

AUDIENCES = {name: Audience(value) for value, name in AUDIENCE_NAMES.items()}
RevisionPage = page_of(RevisionSerializer)


class PostCreateApi(ApiView):
    """POST posts."""

    access = Access.VERIFIED
    limits = {"POST": POST_LIMIT}
    idempotent = frozenset({"POST"})

    @extend_schema(request=forms.PostCreateForm, responses={201: PostSerializer})
    def post(self, request: Request) -> Response:
        """Publish 1 to 20 of one's own pictures that nothing else uses, plan that, or keep a draft.

        400 `invalid` names the field: `bad_count`, `too_many_hashtags`, `too_many_mentions`,
        `publish_at_required`, `publish_at_unused`. 422: `media_unknown`, `media_not_ready`,
        `media_already_used`, `place_unknown`, `person_unknown`, `person_twice`, `publish_at_past`,
        `publish_at_too_far`, `too_many_drafts`, `too_many_scheduled`.
        """
        form = _fields(validated(forms.PostCreateForm, request))
        post = services.post_create(author_id=self.viewer.pk, **form)
        shape = selectors.post_shape_for(viewer=self.viewer, post_id=post.pk)
        return Response(shape, status=201)


class PostApi(LeanApiView):
    """GET, PATCH and DELETE posts/{id}."""

    access = {"GET": Access.OPTIONAL, "PATCH": Access.USER, "DELETE": Access.USER}
    limits = {"PATCH": EDIT_LIMIT}
    etag = True

    @extend_schema(responses=PostSerializer)
    def get(self, request: Request, post_id: int) -> Any:
        """A post by id; drafts, planned and archived ones for their author."""
        return json_response(selectors.post_shape_for(viewer=self.viewer, post_id=post_id))

    @extend_schema(request=forms.PostEditForm, responses=PostSerializer)
    def patch(self, request: Request, post_id: int) -> Response:
        """Change one's own post; the same again changes nothing.

        Refusals are those of POST posts, 403 `not_author`, 409 `already_published` for a time to
        publish at of what was out, 422 `person_untagged` for somebody who took their tag away.
        """
        changes = _fields(validated(forms.PostEditForm, request))
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_edit(actor_id=self.viewer.pk, post=post, **changes)
        return Response(selectors.post_shape_for(viewer=self.viewer, post_id=post_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: int) -> Response:
        """Put one's own post in the bin for 30 days."""
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_delete(actor_id=self.viewer.pk, post=post)
        return Response(status=204)


class PostByCodeApi(LeanApiView):
    """GET posts/by-code/{shortcode}."""

    access = Access.OPTIONAL
    etag = True

    @extend_schema(responses=PostSerializer)
    def get(self, request: Request, shortcode: str) -> Any:
        """A post by its public name."""
        shape = selectors.post_shape_by_code(viewer=self.viewer, shortcode=shortcode)
        return json_response(shape)


class PostPublishApi(ApiView):
    """POST posts/{id}/publish."""

    access = Access.VERIFIED
    limits = {"POST": EDIT_LIMIT}

    @extend_schema(request=Empty, responses=PostSerializer)
    def post(self, request: Request, post_id: int) -> Response:
        """Bring out a draft or a planned post now; what is out stays so.

        400 `invalid` without pictures, 409 `archived`.
        """
        validated(Empty, request)
        post = selectors.post_to_change_for(viewer=self.viewer, post_id=post_id)
        services.post_publish(actor_id=self.viewer.pk, post=post)
        return Response(selectors.post_shape_for(viewer=self.viewer, post_id=post_id))


class PostRestoreApi(ApiView):
    """POST posts/{id}/restore."""

    access = Access.USER
    limits = {"POST": EDIT_LIMIT}

    @extend_schema(request=Empty, responses=PostSerializer)
    def post(self, request: Request, post_id: int) -> Response:
        """Take a post out of the bin to where it was; planned for a time that passed, to the drafts."""
        validated(Empty, request)
        post = selectors.deleted_post_for(viewer=self.viewer, post_id=post_id)
        services.post_restore(actor_id=self.viewer.pk, post=post)
        return Response(selectors.post_shape_for(viewer=self.viewer, post_id=post_id))


class DeletedPostApi(ApiView):
    """DELETE me/deleted/{id}."""

    access = Access.USER

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: int) -> Response:
        """Remove a post in the bin for good, with its pictures."""
        post = selectors.deleted_post_for(viewer=self.viewer, post_id=post_id)
        services.post_discard(actor_id=self.viewer.pk, post=post)
        return Response(status=204)


class PostHistoryApi(ApiView):
    """GET posts/{id}/history."""

    access = Access.OPTIONAL

    @extend_schema(parameters=[PageQuery], responses=RevisionPage)
    def get(self, request: Request, post_id: int) -> Response:
        """What it showed before each edit, the latest first."""
        page, _ = page_request(request, name=f"history.{post_id}")
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        rows = selectors.post_history(viewer=self.viewer, post=post)
        return Response(keyset_page(rows, page, order=("-id",), shape=_revisions))


def _fields(form: dict[str, Any]) -> dict[str, Any]:
    """The form in the words of the services."""
    changes: dict[str, Any] = {**form}
    if "audience" in form:
        changes["audience"] = AUDIENCES[form["audience"]]
    if "state" in form:
        changes["state"] = PostState(form["state"])
    if "place" in form:
        changes["place_id"] = changes.pop("place")
    if "people_tags" in form:
        changes["people_tags"] = [PersonAt(**tag) for tag in form["people_tags"]]
    if "media" in form:
        changes["alt_texts"] = [(item["id"], item["alt_text"]) for item in changes.pop("media")]
    return changes


def _revisions(rows: list[PostRevision]) -> list[RevisionShape]:
    return [revision_shape(row) for row in rows]
