"""Reports, what moderators do about them, and what the operator keeps out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts import constants
from accounts.constants import AppealState, ModerationAct, ReportReason, ReportState, RuleKind
from accounts.models.users import User


class Report(models.Model):
    """Somebody says that something should not be here. The snapshot outlives the thing."""

    reporter = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="reports_made"
    )
    target_kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    #: Whose thing it is.
    target_user = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="reports_about"
    )
    reason = models.CharField(max_length=20, choices=ReportReason)
    text = models.CharField(max_length=constants.REPORT_TEXT_MAX, blank=True)
    snapshot = models.JSONField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    handled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reporter", "target_kind", "target_id"],
                name="accounts_report_open_once",
                condition=Q(state=ReportState.OPEN),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"], name="accounts_report_queue"),
            models.Index(fields=["reporter", "-id"], name="accounts_report_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.target_kind} {self.target_id}"


class ModerationAction(models.Model):
    """One act of a moderator. The audit log: rows are only ever added."""

    moderator = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=20, choices=ModerationAct)
    target_kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    #: Who is told, and may appeal once.
    user = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="moderation_actions"
    )
    #: In plain words to the person.
    reason = models.CharField(max_length=constants.REASON_MAX)
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions"
    )
    #: What stood before, so that an appeal that is granted can put it back.
    before = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="accounts_action_about"),
            models.Index(fields=["target_kind", "target_id"], name="accounts_action_on"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.target_kind} {self.target_id}"


class Appeal(models.Model):
    """The one objection to an act."""

    action = models.OneToOneField(ModerationAction, on_delete=models.CASCADE, related_name="appeal")
    text = models.CharField(max_length=constants.REPORT_TEXT_MAX)
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.OPEN)
    handled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"appeal against {self.action_id}"


class ModerationNote(models.Model):
    """What moderators tell each other about an account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="moderation_notes")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=constants.REPORT_TEXT_MAX)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"note about {self.user_id}"


class BlockRule(models.Model):
    """What is kept out: words, addresses, mail domains, pictures by their hash."""

    kind = models.CharField(max_length=16, choices=RuleKind)
    #: A word in its folded form, a network (192.0.2.0/24), a domain, or a SHA-256 in hexadecimal.
    value = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "value"], name="accounts_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class ContactMessage(models.Model):
    """What somebody wrote to the operator."""

    name = models.CharField(max_length=constants.CONTACT_NAME_MAX)
    email = models.EmailField(max_length=254)
    subject = models.CharField(max_length=constants.CONTACT_SUBJECT_MAX)
    message = models.TextField(max_length=constants.CONTACT_MESSAGE_MAX)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.subject
