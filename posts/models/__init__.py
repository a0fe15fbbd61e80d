"""The rows of the app."""

from posts.models.collections import Collection, CollectionPost
from posts.models.people import Mention, PeopleTag
from posts.models.places import Place
from posts.models.posts import (
    NOBODY,
    NOTHING,
    Post,
    PostMedia,
    PostQuerySet,
    new_shortcode,
)
from posts.models.reactions import Like, Save
from posts.models.revisions import PostRevision
from posts.models.tags import Hashtag, PostHashtag, TagFollow

__all__ = [
    "NOBODY",
    "NOTHING",
    "Collection",
    "CollectionPost",
    "Hashtag",
    "Like",
    "Mention",
    "PeopleTag",
    "Place",
    "Post",
    "PostHashtag",
    "PostMedia",
    "PostQuerySet",
    "PostRevision",
    "Save",
    "TagFollow",
    "new_shortcode",
]
