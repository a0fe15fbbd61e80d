"""What a post said before it was edited."""

from typing import Any, ClassVar

from django.db import models

from posts.constants import CAPTION_MAX, PLACE_NAME_MAX, Audience
from posts.models.posts import Post


class PostRevision(models.Model):
    """One former version of a published post, as everybody saw it; `media` are ids and texts."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    caption = models.CharField(max_length=CAPTION_MAX, blank=True)
    place_name = models.CharField(max_length=PLACE_NAME_MAX, blank=True)
    sensitive = models.BooleanField()
    media: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    #: For whom it was: whoever came to see the post only later does not see this.
    audience = models.PositiveSmallIntegerField(choices=Audience)
    #: From when it stood.
    since = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["post", "-id"], name="posts_revisions_of")]

    def __str__(self) -> str:
        return f"{self.post_id} until {self.replaced_at}"
