"""Personal tokens: long-lived Bearer tokens with fewer rights than their owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.constants import TOKENS_MAX, ClientKind, Role
from accounts.models import PersonalToken, Session, User
from accounts.services.sessions import Device, session_end, session_open
from accounts.services.tokens import personal_token_issue
from core.errors import ForbiddenError, NotFoundError, RuleError
from core.redis import attempt, key, sync_redis

_USED_EVERY_S = 600


@dataclass(frozen=True, slots=True)
class NewToken:
    """`text` is shown once and kept nowhere."""

    token: PersonalToken
    text: str


@transaction.atomic
def personal_token_create(
    *, user: User, name: str, scopes: Sequence[str], days: int, device: Device
) -> NewToken:
    """A token with these scopes, good for so many days.

    Raises ForbiddenError `not_admin` for the scope admin, RuleError `too_many_tokens`.
    """
    if "admin" in scopes and user.role != Role.ADMIN:
        raise ForbiddenError("Only admins can give this scope.", code="not_admin")
    if _live(user.pk).count() >= TOKENS_MAX:
        raise RuleError(f"There can be {TOKENS_MAX} tokens.", code="too_many_tokens")
    session = session_open(user=user, device=device, lifetime=timedelta(days=days))
    ordered = sorted(set(scopes))
    token = PersonalToken.objects.create(session=session, name=name, scopes=ordered)
    text = personal_token_issue(user=user, session=session, scopes=ordered)
    return NewToken(token, text)


def personal_token_end(*, user_id: int, token_id: int) -> None:
    """Void within 5 s. Raises NotFoundError for somebody else's, or one that ended."""
    token = _live(user_id).filter(pk=token_id).first()
    if token is None:
        raise NotFoundError
    session_end(user_id=user_id, session_id=token.session_id)


def personal_token_used(*, session_id: int) -> None:
    """Remember about when a token was used last, to ten minutes."""
    name = key("pat-used", session_id)
    is_first = attempt(
        lambda: bool(sync_redis().set(name, 1, nx=True, ex=_USED_EVERY_S)), lambda: False
    )
    if is_first:
        Session.objects.filter(pk=session_id).update(rotated_at=timezone.now())


def _live(user_id: int) -> QuerySet[PersonalToken]:
    return PersonalToken.objects.filter(
        session__user_id=user_id,
        session__client=ClientKind.TOKEN,
        session__revoked_at__isnull=True,
        session__expires_at__gt=timezone.now(),
    )
