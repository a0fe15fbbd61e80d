"""Input forms of the app, and the schemas of its small answers."""

from typing import Any

from rest_framework import serializers

from comments.constants import BODY_MAX, CommentSort
from core.api import StrictSerializer
from core.api.fields import IdField
from core.api.pagination import PageQuery


class CommentForm(StrictSerializer):
    """POST posts/{id}/comments."""

    body = serializers.CharField(max_length=BODY_MAX)
    parent_id = IdField(required=False, allow_null=True, default=None)


class CommentEditForm(StrictSerializer):
    """PATCH comments/{id}."""

    body = serializers.CharField(max_length=BODY_MAX)


class CommentsQuery(PageQuery):
    """The order of a post's comments."""

    sort = serializers.ChoiceField(
        choices=CommentSort.choices, required=False, default=CommentSort.NEWEST
    )


class CommentLikeSerializer(serializers.Serializer[Any]):
    """Schema of a like toggle."""

    liked = serializers.BooleanField()
    likes_count = serializers.IntegerField()


class CommentPinSerializer(serializers.Serializer[Any]):
    """Schema of a pin toggle."""

    pinned = serializers.BooleanField()
