"""What people do with a post: like it, and keep it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from posts.models.posts import Post


class Like(models.Model):
    """Somebody likes a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="likes", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "user"], name="posts_like_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "-id"], name="posts_likes_of_post"),
            models.Index(fields=["user", "-id"], name="posts_likes_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.post_id}"


class Save(models.Model):
    """Somebody keeps a post to find it again; nobody else learns of it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="saves", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saves", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "user"], name="posts_save_once")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="posts_saves_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} saved {self.post_id}"
