"""Hashtags: which published posts carry them, and who follows them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from posts.constants import TAG_MAX
from posts.models.posts import Post


class Hashtag(models.Model):
    """A name as `posts.services.tag_name` writes it, without the sign."""

    name = models.CharField(max_length=TAG_MAX, unique=True)
    #: Posts that everybody may see: others must not show by a number.
    posts_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class PostHashtag(models.Model):
    """A published post carries a tag; the row ends when the post is taken back.

    Who may see the post is asked of the post: `is_public` only says what was counted.
    """

    hashtag = models.ForeignKey(
        Hashtag, on_delete=models.CASCADE, related_name="uses", db_index=False
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="tagged")
    #: The post's own, for the order of the tag's page.
    published_at = models.DateTimeField()
    is_public = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hashtag", "post"], name="posts_hashtag_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["hashtag", "-published_at", "-post"], name="posts_hashtag_newest")
        ]

    def __str__(self) -> str:
        return f"{self.hashtag_id} on {self.post_id}"


class TagFollow(models.Model):
    """Somebody wants posts with a tag in their home feed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="followed_tags",
        db_index=False,
    )
    hashtag = models.ForeignKey(Hashtag, on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "hashtag"], name="posts_tag_follow_once")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="posts_tags_followed_by")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.hashtag_id}"
