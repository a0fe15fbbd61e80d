"""Notifications in groups, and who is in each group."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Expression, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from accounts.models import SHOWN_STATES
from comments.models import Comment, unblocked
from notifications.constants import GROUP_KEY_MAX, NotificationType
from posts.models import Post


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, narrowed to those that their recipient may see now."""

    def visible_to_id(self, viewer_id: int | Expression) -> Self:
        """The viewer's own, about what they can see, from at least one person they can see.

        The viewer is an id or a compiled query's slot.
        """
        return self.filter(
            Q(post__isnull=True) | _found(Post.objects.visible_to_id(viewer_id), "post"),
            Q(comment__isnull=True) | _found(Comment.objects.visible_to_id(viewer_id), "comment"),
            IsNull(Subquery(visible_actors(viewer_id).values("pk")[:1]), rhs=False),
            recipient=viewer_id,
        )

    def unseen(self) -> Self:
        """Those that were not shown in the list yet."""
        return self.filter(seen_at__isnull=True)


def _found(rows: models.QuerySet[Any], name: str) -> IsNull:
    # Scalar and limited, so that it is a probe for each notification: as `IN` or EXISTS under OR
    # the database may collect everything that the viewer can see first.
    return IsNull(Subquery(rows.filter(pk=OuterRef(name)).values("pk")[:1]), rhs=False)


def visible_actors(viewer_id: int | Expression) -> "models.QuerySet[NotificationActor]":
    """The people of the outer query's notification whom the viewer may see, newest first."""
    return NotificationActor.objects.filter(
        unblocked(viewer_id, "actor"),
        notification=OuterRef("pk"),
        actor__state__in=SHOWN_STATES,
    ).order_by("-pk")


class Notification(models.Model):
    """What somebody is told, as "A and 12 others liked your post".

    While it is unseen, further people join it: one open group for each key. What happens after it
    was seen begins a new one. `actors_count` counts the rows of NotificationActor.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
    )
    type = models.CharField(max_length=16, choices=NotificationType)
    group_key = models.CharField(max_length=GROUP_KEY_MAX)
    post = models.ForeignKey(
        Post, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    comment = models.ForeignKey(
        Comment, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    actors_count = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    #: When somebody joined last; the order of the list.
    updated_at = models.DateTimeField()

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "group_key"],
                name="notifications_open_group",
                condition=Q(seen_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notifications_type_known", condition=Q(type__in=NotificationType.values)
            ),
            models.CheckConstraint(
                name="notifications_read_is_seen",
                condition=Q(read_at__isnull=True) | Q(seen_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-updated_at", "-id"], name="notifications_list"),
            models.Index(fields=["recipient", "group_key"], name="notifications_group"),
            models.Index(
                fields=["post"], name="notifications_post", condition=Q(post__isnull=False)
            ),
            models.Index(
                fields=["comment"],
                name="notifications_comment",
                condition=Q(comment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} to {self.recipient_id}"


class NotificationActor(models.Model):
    """One person in a group: what makes a handler that runs twice right."""

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="actors", db_index=False
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notification", "actor"], name="notifications_actor_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["notification", "-id"], name="notifications_actors_newest")
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} in {self.notification_id}"
