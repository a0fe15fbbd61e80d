"""Where one is signed in, what guards the account, and what one agreed to."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.constants import ClientKind
from accounts.models import Consent, PersonalToken, RecoveryCode, Session, TotpDevice
from core.viewer import Viewer


def my_sessions(*, viewer: Viewer) -> QuerySet[Session]:
    """Live log-ins, the one used last first; personal tokens are no log-ins."""
    return _live(viewer).exclude(client=ClientKind.TOKEN).order_by("-rotated_at", "-pk")


def my_tokens(*, viewer: Viewer) -> QuerySet[PersonalToken]:
    """Live personal tokens, newest first."""
    return (
        PersonalToken.objects.filter(session__in=_live(viewer))
        .select_related("session")
        .order_by("-pk")
    )


def second_factor_of(*, viewer: Viewer) -> tuple[bool, int]:
    """Whether there is one, and how many recovery codes are left."""
    is_on = TotpDevice.objects.filter(user_id=viewer.pk, confirmed_at__isnull=False).exists()
    left = RecoveryCode.objects.filter(user_id=viewer.pk, used_at__isnull=True).count()
    return is_on, left


def my_consents(*, viewer: Viewer) -> QuerySet[Consent]:
    """What the viewer agreed to, newest first."""
    return Consent.objects.filter(user_id=viewer.pk).order_by("-created_at", "-pk")


def _live(viewer: Viewer) -> QuerySet[Session]:
    return Session.objects.filter(
        user_id=viewer.pk, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
