"""E-mail addresses: verified by link or code, changed with a word to the old one."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.constants import PROOF_LIMIT, Purpose
from accounts.events import EmailChanged, EmailVerified, RegistrationRefused
from accounts.models import OneTimeToken, User
from accounts.services.passwords import password_confirm
from accounts.services.proofs import (
    bad_token,
    proof_issue,
    proof_miss,
    proof_redeem,
    proof_redeem_code,
    proofs_void,
)
from accounts.services.rules import mail_domain_check
from core.errors import BadInputError, ConflictError, RuleError
from core.events import publish
from core.limits import enforce

_PURPOSES = (Purpose.VERIFY_EMAIL, Purpose.CHANGE_EMAIL)


@transaction.atomic
def email_verification_ask(*, user: User) -> None:
    """Mail a new link and code, or, when somebody else verified the address, a word to them.

    Raises RuleError `already_verified`.
    """
    if user.is_verified:
        raise RuleError("This address is verified already.", code="already_verified")
    _ask(user, user.email, Purpose.VERIFY_EMAIL)


def email_resend(*, user_id: int) -> None:
    """Ask again for whatever waits: the first address, or a change of it.

    Raises RateLimitedError, RuleError `already_verified`.
    """
    enforce(PROOF_LIMIT, f"u{user_id}")
    with transaction.atomic():
        user = User.objects.get(pk=user_id)
        change = user.one_time_tokens.filter(purpose=Purpose.CHANGE_EMAIL).first()
        if user.is_verified and change:
            _ask(user, change.email, Purpose.CHANGE_EMAIL)
        else:
            email_verification_ask(user=user)


def email_verify(*, token: str) -> User:
    """Redeem a mailed link: the address is this account's from now on.

    Raises BadInputError `bad_token`.
    """
    try:
        with transaction.atomic():
            return _settle(proof_redeem(token=token, purposes=_PURPOSES))
    except IntegrityError as error:
        # Somebody else verified the same address a moment ago.
        raise bad_token() from error


def email_verify_by_code(*, user_id: int, code: str) -> User:
    """The same by the six digits, for the person who is signed in.

    Raises RateLimitedError, BadInputError `bad_code`.
    """
    enforce(PROOF_LIMIT, f"u{user_id}")
    try:
        with transaction.atomic():
            row = proof_redeem_code(user_id=user_id, code=code, purposes=_PURPOSES)
            return _settle(row)
    except IntegrityError as error:
        raise bad_token() from error
    except BadInputError:
        proof_miss(user_id=user_id, purposes=_PURPOSES)
        raise


@transaction.atomic
def email_vouch(*, user_id: int) -> None:
    """The operator vouches for the address: it counts as verified. Again changes nothing.

    Raises ConflictError `email_taken` if it is another account's verified one.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    owners = User.objects.filter(email__iexact=user.email, email_verified_at__isnull=False)
    if owners.exclude(pk=user_id).exists():
        raise ConflictError(f"{user.email} belongs to another account.", code="email_taken")
    if not user.is_verified:
        user.email_verified_at = timezone.now()
        user.save(update_fields=["email_verified_at"])
        proofs_void(user_id=user_id)


def email_change_ask(*, user_id: int, email: str, password: str) -> None:
    """Mail a link and code to the new address; a verified old one stays until they are used.

    One that was never verified is replaced at once, so that the next mail goes to the right place.
    Raises RateLimitedError, ForbiddenError `wrong_password`, RuleError `same_email`.
    """
    enforce(PROOF_LIMIT, f"u{user_id}")
    user = password_confirm(user_id=user_id, password=password)
    mail_domain_check(email)
    if user.email.lower() == email.lower():
        raise RuleError("This is your address already.", code="same_email")
    with transaction.atomic():
        if user.is_verified:
            _ask(user, email, Purpose.CHANGE_EMAIL)
        else:
            proofs_void(user_id=user_id)
            user.email = email
            user.save(update_fields=["email"])
            _ask(user, email, Purpose.VERIFY_EMAIL)


def _ask(user: User, email: str, purpose: Purpose) -> None:
    """The same answer, whether or not the address is somebody else's."""
    owner = (
        User.objects.filter(email__iexact=email, email_verified_at__isnull=False)
        .exclude(pk=user.pk)
        .first()
    )
    if owner:
        publish(RegistrationRefused(user_id=owner.pk))
    else:
        proof_issue(user=user, purpose=purpose, email=email)


def _settle(row: OneTimeToken) -> User:
    user, old = row.user, row.user.email
    was_verified = user.is_verified
    user.email, user.email_verified_at = row.email, timezone.now()
    user.save(update_fields=["email", "email_verified_at"])
    proofs_void(user_id=user.pk)
    publish(EmailVerified(user_id=user.pk))
    if was_verified and old.lower() != row.email.lower():
        publish(EmailChanged(user_id=user.pk, old=old))
    return user
