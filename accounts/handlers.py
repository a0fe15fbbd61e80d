"""Mail about registrations, and the end of sessions and accounts that nobody needs."""

import logging
from datetime import timedelta

from django.utils import timezone

from accounts.events import RefreshReused, RegistrationRefused, UserRegistered
from accounts.models import Session, User
from core import mail
from core.events import periodic, subscribe

log = logging.getLogger(__name__)


@subscribe(UserRegistered, queue="mail")
def on_user_registered(event: UserRegistered) -> None:
    """A word of welcome."""
    _send(event.user_id, "Welcome to Jyoti", "welcome")


@subscribe(RegistrationRefused, queue="mail")
def on_registration_refused(event: RegistrationRefused) -> None:
    """The owner of the address learns that somebody tried to register with it."""
    _send(event.user_id, "You already have an account", "account_exists")


@subscribe(RefreshReused, queue="live")
def on_refresh_reused(event: RefreshReused) -> None:
    """A stolen token, or a client that is out of order: somebody should be able to find it."""
    log.warning("refresh token reused", extra={"user": event.user_id, "session": event.session_id})


@periodic(cron="41 4 * * *", queue="bulk")
def purge_ended_sessions() -> None:
    """Sessions that ended go, so that the table holds about the live ones."""
    Session.objects.filter(expires_at__lt=timezone.now()).delete()
    Session.objects.filter(revoked_at__lt=timezone.now() - timedelta(days=1)).delete()


def _send(user_id: int, subject: str, template: str) -> None:
    user = User.objects.filter(pk=user_id).first()
    if user:
        mail.send(mail.Mail(user.email, subject, template, {"name": user.username}))
