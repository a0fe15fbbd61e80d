"""Collections of saved posts."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, keyset_page, page_request, validated
from core.api.pagination import PageQuery
from core.api.serializers import Empty, page_of
from posts import selectors, services
from posts.api import serializers as forms
from posts.api.views.pages import PostPage, visible_posts
from posts.constants import COLLECTION_LIMIT, LIKE_LIMIT
from posts.models import Collection
from posts.shapes import CollectionSerializer, CollectionShape, collection_shape

CollectionPage = page_of(CollectionSerializer)
IN_ORDER = ("position", "id")


class _CollectionsApi(ApiView):
    """The viewer's own."""

    access = Access.USER

    def collection(self, collection_id: int) -> Collection:
        """One of them. Raises NotFoundError."""
        return selectors.collection_for(viewer=self.viewer, collection_id=collection_id)

    def shape(self, collection_id: int) -> CollectionShape:
        """The same as Collection."""
        return collection_shape(self.collection(collection_id))


class CollectionsApi(_CollectionsApi):
    """GET and POST collections."""

    limits = {"POST": COLLECTION_LIMIT}
    idempotent = frozenset({"POST"})

    @extend_schema(parameters=[PageQuery], responses=CollectionPage)
    def get(self, request: Request) -> Response:
        """One's collections in their order."""
        page, _ = page_request(request, name="collections")
        rows = selectors.collections_of(viewer=self.viewer)
        return Response(keyset_page(rows, page, order=IN_ORDER, shape=_shapes))

    @extend_schema(request=forms.CollectionForm, responses={201: CollectionSerializer})
    def post(self, request: Request) -> Response:
        """A new one before the others. 409 `collection_exists`, 422 `collection_limit`."""
        form = validated(forms.CollectionForm, request)
        row = services.collection_create(owner_id=self.viewer.pk, **form)
        return Response(self.shape(row.pk), status=201)


class CollectionsOrderApi(_CollectionsApi):
    """PUT collections/order."""

    @extend_schema(request=forms.CollectionsOrderForm, responses={204: None})
    def put(self, request: Request) -> Response:
        """These first, the others behind them. 422 `collection_unknown`."""
        form = validated(forms.CollectionsOrderForm, request)
        services.collections_order(owner_id=self.viewer.pk, **form)
        return Response(status=204)


class CollectionApi(_CollectionsApi):
    """GET, PATCH and DELETE collections/{id}."""

    @extend_schema(responses=CollectionSerializer)
    def get(self, request: Request, collection_id: int) -> Response:
        """One of one's own."""
        return Response(self.shape(collection_id))

    @extend_schema(request=forms.CollectionEditForm, responses=CollectionSerializer)
    def patch(self, request: Request, collection_id: int) -> Response:
        """Another name or cover. 409 `collection_exists`, 422 `post_not_in_collection`."""
        form = validated(forms.CollectionEditForm, request)
        services.collection_edit(collection=self.collection(collection_id), **form)
        return Response(self.shape(collection_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, collection_id: int) -> Response:
        """Take it away; its posts stay saved."""
        services.collection_delete(collection=self.collection(collection_id))
        return Response(status=204)


class CollectionPostsApi(_CollectionsApi):
    """GET collections/{id}/posts."""

    @extend_schema(parameters=[PageQuery], responses=PostPage)
    def get(self, request: Request, collection_id: int) -> Response:
        """What is in it and may still be seen, in its order."""
        page, _ = page_request(request, name=f"collection.{collection_id}")
        collection = self.collection(collection_id)
        rows = selectors.collection_posts(viewer=self.viewer, collection=collection)
        shape = visible_posts(self.viewer)
        return Response(keyset_page(rows, page, order=IN_ORDER, shape=shape))


class CollectionOrderApi(_CollectionsApi):
    """PUT collections/{id}/order."""

    @extend_schema(request=forms.CollectionOrderForm, responses={204: None})
    def put(self, request: Request, collection_id: int) -> Response:
        """These first, the others behind them. 422 `post_not_in_collection`."""
        form = validated(forms.CollectionOrderForm, request)
        services.collection_order(collection=self.collection(collection_id), **form)
        return Response(status=204)


class CollectionPostApi(_CollectionsApi):
    """PUT and DELETE collections/{id}/posts/{post_id}."""

    limits = {"PUT": LIKE_LIMIT}

    @extend_schema(request=Empty, responses=forms.CollectedSerializer)
    def put(self, request: Request, collection_id: int, post_id: int) -> Response:
        """Save it and put it first; again changes nothing. 422 `collection_full`."""
        validated(Empty, request)
        collection = self.collection(collection_id)
        post = selectors.post_for(viewer=self.viewer, post_id=post_id)
        services.collection_add(collection=collection, post=post)
        return Response({"collected": True})

    @extend_schema(responses=forms.CollectedSerializer)
    def delete(self, request: Request, collection_id: int, post_id: int) -> Response:
        """Take it out; it stays saved. Again changes nothing."""
        collection = self.collection(collection_id)
        services.collection_remove(collection=collection, post_id=post_id)
        return Response({"collected": False})


def _shapes(rows: list[Collection]) -> list[CollectionShape]:
    return [collection_shape(row) for row in rows]
