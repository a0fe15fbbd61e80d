"""Mail about registrations, and the end of sessions and accounts that nobody needs."""

import logging
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_network

from django.conf import settings
from django.utils import timezone

from accounts.constants import (
    UNVERIFIED_LIFETIME,
    AppealState,
    ClientKind,
    ModerationAct,
    Purpose,
    Role,
)
from accounts.events import (
    AccountDeleteAsked,
    ContactReceived,
    EmailChanged,
    EmailVerified,
    ModeratorActed,
    PasswordChanged,
    PasswordForgotten,
    ProofIssued,
    RefreshReused,
    RegistrationRefused,
    SecondFactorChanged,
    SignedInSomewhere,
)
from accounts.models import (
    Appeal,
    ContactMessage,
    ModerationAction,
    OneTimeToken,
    Session,
    User,
)
from accounts.services import (
    account_erase,
    accounts_erase_again,
    accounts_erase_due,
    appeal_token,
    proof_issue,
    proof_of,
)
from core import mail
from core.events import periodic, subscribe

log = logging.getLogger(__name__)

#: Subject, template, and the client's page that spends the token. A fragment stays in the browser:
#: no log on the way and no Referer ever holds it.
ACTS_IN_WORDS = {
    ModerationAct.WARN: "you were warned",
    ModerationAct.LIMIT: "your account was limited: it is suggested to nobody any more",
    ModerationAct.SUSPEND: "your account was suspended",
    ModerationAct.RESTORE: "your account is as before again",
    ModerationAct.HIDE: "something of yours was hidden",
    ModerationAct.SHOW: "something of yours is shown again",
    ModerationAct.DELETE: "something of yours was deleted",
}
UNDOING = (ModerationAct.RESTORE, ModerationAct.SHOW)
PROOF_MAILS = {
    Purpose.VERIFY_EMAIL: ("Is this your address?", "verify_email", "/verify"),
    Purpose.CHANGE_EMAIL: ("Is this your new address?", "change_email", "/verify"),
    Purpose.RESET_PASSWORD: ("A new password", "reset_password", "/reset"),
}


@subscribe(ProofIssued, queue="mail")
def on_proof_issued(event: ProofIssued) -> None:
    """The link, unless it was replaced, used, or is too old by now."""
    row = (
        OneTimeToken.objects.select_related("user")
        .filter(pk=event.token_id, nonce=event.nonce, expires_at__gt=timezone.now())
        .first()
    )
    if row is None:
        return
    subject, template, path = PROOF_MAILS[Purpose(row.purpose)]
    proof = proof_of(row)
    context = {
        "name": row.user.username,
        "code": f"{proof.code[:3]} {proof.code[3:]}",
        "link": f"{settings.SITE_URL}{path}#token={proof.token}",
    }
    mail.send(mail.Mail(row.email, subject, template, context))


@subscribe(RegistrationRefused, queue="mail")
def on_registration_refused(event: RegistrationRefused) -> None:
    """The owner of the address learns that somebody tried to use it."""
    _send(event.user_id, "You already have an account", "account_exists")


@subscribe(EmailVerified, queue="mail")
def on_email_verified(event: EmailVerified) -> None:
    """Other accounts that wait with this address get no code any more."""
    user = User.objects.filter(pk=event.user_id, email_verified_at__isnull=False).first()
    if user:
        others = OneTimeToken.objects.filter(email__iexact=user.email).exclude(user=user)
        others.exclude(purpose=Purpose.RESET_PASSWORD).delete()


@subscribe(EmailChanged, queue="mail")
def on_email_changed(event: EmailChanged) -> None:
    """The old address is told where the account went, in time to object."""
    user = User.objects.filter(pk=event.user_id).first()
    if user:
        context = {"name": user.username, "new": _masked(user.email)}
        mail.send(mail.Mail(event.old, "Your address was changed", "email_changed", context))


@subscribe(PasswordForgotten, queue="mail")
def on_password_forgotten(event: PasswordForgotten) -> None:
    """A link for the verified owner of the address, to the address as it is kept here."""
    user = User.objects.filter(email__iexact=event.email, email_verified_at__isnull=False).first()
    if user and user.is_active:
        proof_issue(user=user, purpose=Purpose.RESET_PASSWORD, email=user.email)


@subscribe(PasswordChanged, queue="mail")
def on_password_changed(event: PasswordChanged) -> None:
    """Its owner hears of it, and what to do if it was not them."""
    _send(event.user_id, "Your password was changed", "password_changed")


@subscribe(SignedInSomewhere, queue="mail")
def on_signed_in_somewhere(event: SignedInSomewhere) -> None:
    """A device or place that was not seen before is told, but for the very first one."""
    session = Session.objects.select_related("user").filter(pk=event.session_id).first()
    if session is None or session.revoked_at:
        return
    earlier = Session.objects.filter(user=session.user, pk__lt=session.pk)
    earlier = earlier.exclude(client=ClientKind.TOKEN)
    if earlier.exists() and not any(_is_same_place(session, other) for other in earlier[:200]):
        context = {
            "name": session.user.username,
            "device": session.user_agent or "an unknown program",
            "address": session.address or "an unknown address",
            "time": f"{session.created_at:%d %B %Y, %H:%M} UTC",
        }
        mail.send(mail.Mail(session.user.email, "A new log-in", "new_login", context))


@subscribe(SecondFactorChanged, queue="mail")
def on_second_factor_changed(event: SecondFactorChanged) -> None:
    """Its owner hears of it."""
    word = "on" if event.is_on else "off"
    _send(event.user_id, f"Two-step log-in is {word}", f"second_factor_{word}")


@subscribe(RefreshReused, queue="live")
def on_refresh_reused(event: RefreshReused) -> None:
    """A stolen token, or a client that is out of order: somebody should be able to find it."""
    log.warning("refresh token reused", extra={"user": event.user_id, "session": event.session_id})


@periodic(cron="41 4 * * *", queue="bulk")
def purge_ended_sessions() -> None:
    """Sessions that ended go, so that the table holds about the live ones."""
    Session.objects.filter(expires_at__lt=timezone.now()).delete()
    Session.objects.filter(revoked_at__lt=timezone.now() - timedelta(days=1)).delete()


@subscribe(ModeratorActed, queue="mail")
def on_moderator_acted(event: ModeratorActed) -> None:
    """What was done and why; the link objects to it, once. After an objection: what became of it."""
    action = ModerationAction.objects.select_related("user").filter(pk=event.action_id).first()
    if action is None or action.user is None:
        return
    appeal = Appeal.objects.filter(action=action).first()
    act = ModerationAct(action.act)
    context = {
        "name": action.user.username,
        "what": ACTS_IN_WORDS[act],
        "reason": action.reason,
        "link": f"{settings.SITE_URL}/appeal#token={appeal_token(action)}",
    }
    if appeal and appeal.state != AppealState.OPEN:
        mail.send(mail.Mail(action.user.email, "About your objection", "appeal_refused", context))
    else:
        template = "moderation_undone" if act in UNDOING else "moderation"
        mail.send(mail.Mail(action.user.email, "About your account", template, context))


@subscribe(ContactReceived, queue="mail")
def on_contact_received(event: ContactReceived) -> None:
    """To the operator; an answer goes to whoever wrote."""
    row = ContactMessage.objects.filter(pk=event.message_id).first()
    if row:
        context = {"name": row.name, "email": row.email, "subject": row.subject,
                   "message": row.message}  # fmt: skip
        operator = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        subject = "".join(row.subject.splitlines())
        mail.send(mail.Mail(operator, f"Contact: {subject}", "contact", context, row.email))


@subscribe(AccountDeleteAsked, queue="mail")
def on_account_delete_asked(event: AccountDeleteAsked) -> None:
    """The day, and how to stay after all."""
    user = User.objects.filter(pk=event.user_id, delete_after__isnull=False).first()
    if user and user.delete_after:
        context = {"name": user.username, "day": f"{user.delete_after:%d %B %Y}"}
        mail.send(mail.Mail(user.email, "Your account will be deleted", "account_delete", context))


@periodic(cron="23 * * * *", queue="bulk")
def erase_due_accounts() -> None:
    """Accounts whose grace has ended go, and those that a restore brought back."""
    accounts_erase_due()
    accounts_erase_again()


@periodic(cron="51 4 * * *", queue="bulk")
def erase_unverified_accounts() -> None:
    """Accounts whose address nobody proved within a week go; staff was made by hand."""
    old = timezone.now() - UNVERIFIED_LIFETIME
    unproved = User.objects.filter(
        email_verified_at__isnull=True, created_at__lt=old, role=Role.USER
    )
    for user_id in list(unproved.values_list("pk", flat=True)):
        account_erase(user_id=user_id)


@periodic(cron="11 * * * *", queue="bulk")
def purge_one_time_tokens() -> None:
    """Links and codes that are too old go."""
    OneTimeToken.objects.filter(expires_at__lt=timezone.now()).delete()


def _is_same_place(session: Session, other: Session) -> bool:
    """The same address, or the same program in the same network."""
    if not session.address or not other.address:
        return session.user_agent == other.user_agent
    return session.address == other.address or (
        session.user_agent == other.user_agent
        and _network(session.address) == _network(other.address)
    )


def _network(address: str) -> str:
    """The part that a provider keeps for one region: /16 of IPv4, /32 of IPv6."""
    bits = 16 if "." in address else 32
    return str(ip_network(f"{address}/{bits}", strict=False))


def _masked(email: str) -> str:
    """Enough of an address to know it again, too little to write to it."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"


def _send(user_id: int, subject: str, template: str) -> None:
    user = User.objects.filter(pk=user_id).first()
    if user:
        mail.send(mail.Mail(user.email, subject, template, {"name": user.username}))
