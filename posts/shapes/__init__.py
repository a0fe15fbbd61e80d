"""The outer form of the app's nouns: the only one that upper apps nest."""

from posts.shapes.posts import (
    AUDIENCE_NAMES,
    PostRow,
    PostSerializer,
    PostShape,
    hot_post_shape,
    post_shape,
)
from posts.shapes.things import (
    CollectionSerializer,
    CollectionShape,
    PlaceDetailSerializer,
    PlaceDetailShape,
    RevisionSerializer,
    RevisionShape,
    TagSerializer,
    TagShape,
    collection_shape,
    place_detail_shape,
    revision_shape,
)

__all__ = [
    "AUDIENCE_NAMES",
    "CollectionSerializer",
    "CollectionShape",
    "PlaceDetailSerializer",
    "PlaceDetailShape",
    "PostRow",
    "PostSerializer",
    "PostShape",
    "RevisionSerializer",
    "RevisionShape",
    "TagSerializer",
    "TagShape",
    "collection_shape",
    "hot_post_shape",
    "place_detail_shape",
    "post_shape",
    "revision_shape",
]
