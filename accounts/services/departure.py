"""Leaving: for a while, or for good after a grace in which one may come back."""

from typing import Final

from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.utils import timezone

from accounts.constants import DELETE_GRACE, UserState
from accounts.events import AccountDeleteAsked, PrivacyChanged
from accounts.models import ErasedAccount, ModerationAction, Report, User
from accounts.services.passwords import password_confirm
from accounts.services.sessions import sessions_end_all
from core.errors import RuleError
from core.events import publish
from core.models import IdempotencyKey
from core.registry import erase_steps

# The counters of those whom they followed, or who followed them.
_UNFOLLOW: Final = (
    """
    WITH gone AS (
        DELETE FROM accounts_follow WHERE follower_id = %s RETURNING followee_id, state
    )
    UPDATE accounts_user SET followers_count = followers_count - 1
    WHERE id IN (SELECT followee_id FROM gone WHERE state = 'active')
    """,
    """
    WITH gone AS (
        DELETE FROM accounts_follow WHERE followee_id = %s RETURNING follower_id, state
    )
    UPDATE accounts_user SET following_count = following_count - 1
    WHERE id IN (SELECT follower_id FROM gone WHERE state = 'active')
    """,
)
# Addresses stand in the arguments of two kinds of mail.
_FORGET_JOBS: Final = """
DELETE FROM procrastinate_jobs
WHERE status IN ('succeeded', 'failed', 'todo')
AND (lower(args->>'email') = lower(%(email)s) OR lower(args->>'old') = lower(%(email)s))
"""


@transaction.atomic
def account_deactivate(*, user_id: int, password: str) -> None:
    """Nobody sees the account until its owner signs in again; all sessions end.

    Raises RateLimitedError, ForbiddenError `wrong_password`.
    """
    user = password_confirm(user_id=user_id, password=password)
    user.state = UserState.DEACTIVATED
    user.save(update_fields=["state"])
    sessions_end_all(user_id=user_id)
    publish(PrivacyChanged(user_id=user_id))


@transaction.atomic
def account_delete_ask(*, user_id: int, password: str) -> User:
    """Hide the account at once and erase it after the grace; all sessions end.

    Raises RateLimitedError, ForbiddenError `wrong_password`.
    """
    user = password_confirm(user_id=user_id, password=password)
    if user.state != UserState.DELETING:
        now = timezone.now()
        user.state, user.delete_after = UserState.DELETING, now + DELETE_GRACE
        user.save(update_fields=["state", "delete_after"])
        ErasedAccount.objects.update_or_create(user_id=user_id, defaults={"asked_at": now})
        sessions_end_all(user_id=user_id)
        publish(AccountDeleteAsked(user_id=user_id))
        publish(PrivacyChanged(user_id=user_id))
    return user


@transaction.atomic
def account_delete_cancel(*, user_id: int) -> None:
    """Stay after all. Raises RuleError `not_deleting`."""
    leaving = User.objects.filter(pk=user_id, state=UserState.DELETING)
    if not leaving.update(state=UserState.ACTIVE, delete_after=None):
        raise RuleError("This account is not being deleted.", code="not_deleting")
    ErasedAccount.objects.filter(user_id=user_id, erased_at__isnull=True).delete()
    publish(PrivacyChanged(user_id=user_id))


def accounts_erase_due() -> int:
    """Erase every account whose grace has ended; returns how many."""
    due = User.objects.filter(state=UserState.DELETING, delete_after__lte=timezone.now())
    ids = list(due.values_list("pk", flat=True))
    for user_id in ids:
        account_erase(user_id=user_id)
    return len(ids)


def accounts_erase_again() -> int:
    """After a restore: erase whom the ledger names and the backup brought back."""
    erased = ErasedAccount.objects.filter(erased_at__isnull=False).values("user_id")
    ids = list(User.objects.filter(pk__in=erased).values_list("pk", flat=True))
    for user_id in ids:
        account_erase(user_id=user_id)
    return len(ids)


def account_erase(*, user_id: int) -> None:
    """Remove the account and everything of it, the upper apps first; again is fine."""
    for step in reversed(list(erase_steps.values())):
        step(user_id=user_id)
    with transaction.atomic():
        _erase_here(user_id)


def _erase_here(user_id: int) -> None:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is not None:
        with connection.cursor() as cursor:
            for statement in _UNFOLLOW:
                cursor.execute(statement, [user_id])
            cursor.execute(_FORGET_JOBS, {"email": user.email})
        IdempotencyKey.objects.filter(user=user_id).delete()
        LogEntry.objects.filter(user_id=user_id).delete()
        Report.objects.filter(target_user=user_id).update(snapshot={})
        Report.objects.filter(reporter=user_id).update(text="")
        ModerationAction.objects.filter(user=user_id).update(before={})
        user.delete()
    ErasedAccount.objects.update_or_create(
        user_id=user_id,
        defaults={"erased_at": timezone.now()},
        create_defaults={"asked_at": timezone.now(), "erased_at": timezone.now()},
    )
