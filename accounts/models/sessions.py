"""Who is signed in where, and what proves who somebody is."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts import constants
from accounts.constants import ClientKind, Purpose
from accounts.models.users import User


class Session(models.Model):
    """A token family: one log-in on one device. Only the counter of the newest refresh is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    family = models.CharField(max_length=32, unique=True)
    counter = models.PositiveIntegerField(default=0)
    client = models.CharField(max_length=8, choices=ClientKind)
    user_agent = models.CharField(max_length=constants.USER_AGENT_MAX, blank=True)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["user"], name="accounts_session_live", condition=Q(revoked_at__isnull=True)
            ),
            models.Index(fields=["expires_at"], name="accounts_session_age"),
        ]

    def __str__(self) -> str:
        return f"session {self.pk} of {self.user_id}"


class OneTimeToken(models.Model):
    """A link, and perhaps a code, that was mailed to `email`.

    Both are HMACs over the nonce, so that nobody who reads this table can make either.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_tokens")
    purpose = models.CharField(max_length=16, choices=Purpose)
    email = models.EmailField(max_length=254)
    nonce = models.CharField(max_length=32)
    #: Wrong codes so far; too many void the token.
    attempts = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # A new one takes the place of the last.
            models.UniqueConstraint(
                fields=["user", "purpose"], name="accounts_one_time_token_latest"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="accounts_one_time_token_age")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.user_id}"


class TotpDevice(models.Model):
    """The second factor (RFC 6238). It counts from the moment that a first code was right."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="totp")
    #: The secret, encrypted under SECRET_KEY.
    secret = models.CharField(max_length=200)
    #: The time step of the newest code that was accepted: none serves twice.
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """Stands in for the second factor once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "code_hash"], name="accounts_recovery_code_once"
            )
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class PersonalToken(models.Model):
    """A Bearer token for a program of one's own; the token itself is kept nowhere.

    Behind it stands a session that is not rotated, so that it is checked, limited and ended as any
    other.
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="personal_token")
    name = models.CharField(max_length=constants.TOKEN_NAME_MAX)
    scopes = ArrayField(models.CharField(max_length=10))

    def __str__(self) -> str:
        return f"{self.name} of session {self.session_id}"
