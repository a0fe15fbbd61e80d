"""People in posts: named in the caption, or tagged in a picture."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from posts.constants import PeopleTagState
from posts.models.posts import Post


class Mention(models.Model):
    """The caption names somebody who existed when it was written."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentioned_in"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "user"], name="posts_mention_once")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} names {self.user_id}"


class PeopleTag(models.Model):
    """Somebody is in a picture, at (x, y) from its left upper corner, each from 0 to 1.

    A row that its person removed stays, so that they are not tagged there again.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="people_tags")
    media = models.ForeignKey(
        "media_storage.Media", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="people_tags",
        db_index=False,
    )
    x = models.FloatField()
    y = models.FloatField()
    state = models.CharField(max_length=8, choices=PeopleTagState)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["media", "user"], name="posts_people_tag_once"),
            models.CheckConstraint(
                name="posts_people_tag_inside", condition=Q(x__range=(0, 1), y__range=(0, 1))
            ),
            models.CheckConstraint(
                name="posts_people_tag_state_known", condition=Q(state__in=PeopleTagState.values)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "state", "-id"], name="posts_tags_of")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.media_id}"
