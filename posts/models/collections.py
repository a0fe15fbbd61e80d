"""Ordered collections of saved posts; they are their owner's alone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper

from posts.constants import COLLECTION_NAME_MAX
from posts.models.posts import Post


class Collection(models.Model):
    """A named shelf; without a chosen cover its first post is the cover."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="collections",
        db_index=False,
    )
    name = models.CharField(max_length=COLLECTION_NAME_MAX)
    position = models.IntegerField(default=0)
    cover = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("owner", Upper("name"), name="posts_collection_name_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "position", "id"], name="posts_collections_in_order")
        ]

    def __str__(self) -> str:
        return self.name


class CollectionPost(models.Model):
    """A post at its place in a collection."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "post"], name="posts_collected_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["collection", "position", "id"], name="posts_collected_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.collection_id}"
