"""What people set for their own reading: what they hide, and how far they have read."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.constants import HIDDEN_WORD_MAX, MUTED_TAG_MAX, Timeline


class ContentFilter(models.Model):
    """What somebody does not want to read, in feeds and under posts.

    One row for each person, so that a hot read takes it along. Words are kept as they were written;
    they are compared by `accounts.shapes.Hiding`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    words = ArrayField(models.CharField(max_length=HIDDEN_WORD_MAX), default=list)
    tags = ArrayField(models.CharField(max_length=MUTED_TAG_MAX), default=list)

    def __str__(self) -> str:
        return f"what {self.user_id} hides"


class Marker(models.Model):
    """How far somebody has read a timeline, on whatever device: the post on top of the screen.

    The place stays good when the post goes: a list is read past (at, post_id).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    timeline = models.CharField(max_length=8, choices=Timeline)
    post_id = models.BigIntegerField()
    at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "timeline"], name="accounts_marker_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.timeline}"
