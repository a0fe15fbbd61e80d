"""What comes before an account, and what is left after one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts import constants
from accounts.models.users import User


class Invite(models.Model):
    """A code that opens registration where it is not open to all. Only its hash is kept."""

    code_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    most_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="accounts_invite_within", condition=Q(uses__lte=F("most_uses"))
            )
        ]

    def __str__(self) -> str:
        return f"invite {self.pk}"


class FormerUsername(models.Model):
    """A name that its owner changed: it leads to the new one, and nobody else gets it so soon."""

    username = models.CharField(max_length=constants.USERNAME_MAX, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_usernames")
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.username


class Consent(models.Model):
    """What somebody agreed to, in which version, and when. Rows are only ever added."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=constants.DOCUMENT_PART_MAX)
    version = models.CharField(max_length=constants.DOCUMENT_PART_MAX)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "document"], name="accounts_consent_of")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.document} {self.version}"


class ErasedAccount(models.Model):
    """An erasure that was begun or done: a restored backup replays it. No foreign key, no name."""

    user_id = models.BigIntegerField(unique=True)
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"erased {self.user_id}"
