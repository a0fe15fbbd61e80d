"""What is the author's alone: drafts, planned and archived posts, the bin, collections."""

from typing import Any

from django.db.models import Count, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.errors import NotFoundError
from core.viewer import Viewer
from posts.constants import PostState
from posts.models import Collection, CollectionPost, Post, PostQuerySet


def own_posts(*, viewer: Viewer, state: PostState) -> PostQuerySet:
    """The viewer's own in one of OWN_STATES."""
    return Post.objects.filter(author=viewer.pk, state=state)


def deleted_posts(*, viewer: Viewer) -> PostQuerySet:
    """The viewer's bin."""
    return Post.objects.in_bin_of(viewer.pk)


def collections_of(*, viewer: Viewer) -> QuerySet[Collection]:
    """The viewer's collections, with `posts_count` and `cover_media` of what they may still see."""
    visible = Post.objects.visible_to(viewer)
    entries = CollectionPost.objects.filter(collection=OuterRef("pk"), post__in=visible)
    count = entries.order_by().values("collection").annotate(n=Count("pk")).values("n")
    first = entries.order_by("position", "pk").values("post__media")[:1]
    chosen = visible.filter(pk=OuterRef("cover")).values("media")[:1]
    cover: Any = Coalesce(Subquery(chosen), Subquery(first), output_field=JSONField())
    rows = Collection.objects.filter(owner=viewer.pk)
    return rows.annotate(posts_count=Coalesce(Subquery(count), 0), cover_media=cover)


def collection_for(*, viewer: Viewer, collection_id: int) -> Collection:
    """One of the viewer's own. Raises NotFoundError."""
    row = collections_of(viewer=viewer).filter(pk=collection_id).first()
    if row is None:
        raise NotFoundError
    return row


def collection_posts(*, viewer: Viewer, collection: Collection) -> QuerySet[CollectionPost]:
    """What is in it and may still be seen."""
    visible = Post.objects.visible_to(viewer)
    return CollectionPost.objects.filter(collection=collection, post__in=visible)
