"""Conversations, who is in them, and what was said.

`Conversation.last_seq` grows by 1 per message and `rev` by 1 per change, under the conversation's
row lock, so that the order of numbers is the order of commits and there are no holes.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import blocks_between
from core.viewer import Viewer
from messaging.constants import ConversationKind, Folder, MemberRole, MessageKind


class Conversation(models.Model):
    """A direct conversation exists once per pair of people (`direct_key` is "smaller:larger")."""

    kind = models.CharField(max_length=6, choices=ConversationKind)
    direct_key = models.CharField(max_length=40, unique=True, null=True, blank=True)
    title = models.CharField(max_length=100, blank=True)
    last_seq = models.BigIntegerField(default=0)
    rev = models.BigIntegerField(default=0)
    last_activity_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="messaging_direct_has_key",
                condition=Q(kind=ConversationKind.DIRECT, direct_key__isnull=False)
                | Q(kind=ConversationKind.GROUP, direct_key__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} conversation {self.pk}"


class MemberQuerySet(models.QuerySet["Member"]):
    """Memberships, narrowed to what a viewer may see."""

    def visible_to(self, viewer: Viewer) -> Self:
        """The viewer's own memberships, as far as the conversation exists for them."""
        return self.of(viewer.pk)

    def of(self, user_id: Any) -> Self:
        """The same for an id or an expression.

        A direct conversation with a block in either direction does not exist.
        """
        return self.filter(user=user_id, left_at__isnull=True).exclude(
            Q(conversation__kind=ConversationKind.DIRECT) & Exists(_partners_blocked(user_id))
        )

    def listed_for(self, user_id: Any) -> Self:
        """Without empty conversations that somebody else opened: they show with a message."""
        return self.filter(Q(conversation__last_seq__gt=0) | Q(conversation__created_by=user_id))


class Member(models.Model):
    """One person in one conversation, and how far they have read."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="members", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=6, choices=MemberRole, default=MemberRole.MEMBER)
    folder = models.CharField(max_length=8, choices=Folder, default=Folder.PRIMARY)
    read_seq = models.BigIntegerField(default=0)
    #: Where their history begins; nothing below is ever shown to them.
    first_seq = models.BigIntegerField(default=1)
    muted_until = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    #: The owner's Inbox.version when something here last changed for them.
    changed_version = models.BigIntegerField(default=0)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "user"], name="messaging_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Message(models.Model):
    """One message. Written by one statement only, in messaging.services.writing."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.BigIntegerField()
    rev = models.BigIntegerField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    client_id = models.UUIDField()
    kind = models.CharField(max_length=6, choices=MessageKind, default=MessageKind.TEXT)
    body = models.TextField(blank=True)
    #: Attachments as they were shown when the message was sent.
    payload = models.JSONField(default=dict)
    reply_to_seq = models.BigIntegerField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    unsent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="messaging_message_seq"),
            models.UniqueConstraint(
                fields=["conversation", "sender", "client_id"], name="messaging_message_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "rev"], name="messaging_message_rev")
        ]

    def __str__(self) -> str:
        return f"message {self.seq} of {self.conversation_id}"


class Inbox(models.Model):
    """One number per person that grows with every change to any of their conversations.

    It is narrow because it is locked and written with every message. Lock order everywhere: one
    conversation, then inboxes by user_id, then members.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    version = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "inboxes"

    def __str__(self) -> str:
        return f"inbox of {self.user_id}"


def _partners_blocked(user_id: Any) -> models.QuerySet[Member]:
    """The other members of OuterRef's conversation with a block in either direction."""
    others = Member.objects.filter(conversation=OuterRef("conversation")).exclude(user=user_id)
    return others.filter(Exists(blocks_between(user_id, OuterRef("user"))))
