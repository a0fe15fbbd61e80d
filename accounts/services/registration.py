"""Registration and names: a new account, or the same answer for an address that is taken."""

import hashlib
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.constants import RESERVED_USERNAMES, USERNAME_CHANGES, USERNAME_PATTERN
from accounts.models import FormerUsername, Invite, User
from accounts.selectors import is_username_frozen, looks_like_another
from accounts.services.addresses import email_verification_ask
from accounts.services.consents import consents_record
from accounts.services.passwords import password_check
from accounts.services.rules import address_check, mail_domain_check, words_check
from core.errors import BadInputError, ConflictError, ForbiddenError
from core.limits import enforce


@transaction.atomic
def user_register(
    *,
    username: str,
    email: str,
    password: str,
    display_name: str = "",
    invite: str = "",
    address: str = "",
) -> User:
    """Create an account with an unverified address.

    An address that somebody verified already gives the same answer; its owner is told by mail.
    Raises ConflictError `username_taken` or `username_look_alike`, BadInputError for a name, address or password that is not
    allowed, ForbiddenError `registration_closed` or `invite_needed`.
    """
    user = User(username=username.lower(), email=email, display_name=display_name)
    if is_username_frozen(user.username):
        raise _username_taken()
    address_check(address)
    mail_domain_check(email)
    username_check(user.username)
    _look_check(user.username)
    words_check(display_name, field="display_name")
    password_check(password, user)
    registration_check(invite)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise _username_taken() from error
    consents_record(user=user, address=address)
    email_verification_ask(user=user)
    return user


def username_check(username: str) -> None:
    """Raises BadInputError `bad_username` or `username_reserved`."""
    if not re.fullmatch(USERNAME_PATTERN, username):
        message = "Use 3 to 30 of a-z, 0-9, dot and underscore."
        raise BadInputError.of_field("username", "bad_username", message)
    if username in RESERVED_USERNAMES:
        raise BadInputError.of_field("username", "username_reserved", "This name is reserved.")
    words_check(username.replace(".", " ").replace("_", " "), field="username")


@transaction.atomic
def username_change(*, user_id: int, username: str) -> User:
    """Take another name; the old one leads to the new one, and is nobody else's for 30 days.

    Raises as `username_check`, ConflictError `username_taken` or `username_look_alike`,
    RateLimitedError.
    """
    name = username.lower()
    username_check(name)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.username == name:
        return user
    enforce(USERNAME_CHANGES, f"u{user_id}")
    if is_username_frozen(name, but_for=user_id):
        raise _username_taken()
    _look_check(name, but_for=user_id)
    FormerUsername.objects.filter(username=name).delete()
    FormerUsername.objects.update_or_create(
        username=user.username, defaults={"user": user, "released_at": timezone.now()}
    )
    user.username = name
    try:
        with transaction.atomic():
            user.save(update_fields=["username"])
    except IntegrityError as error:
        raise _username_taken() from error
    return user


def registration_check(invite: str) -> None:
    """Spend the invite where one is needed.

    Raises ForbiddenError `registration_closed`, `invite_needed`; inside the caller's transaction.
    """
    if settings.REGISTRATION == "closed":
        raise ForbiddenError("New accounts are not taken here.", code="registration_closed")
    if settings.REGISTRATION == "invite" and not _invite_spend(invite):
        raise ForbiddenError("An invite that is still good is needed.", code="invite_needed")


def invite_create(
    *, created_by: User | None = None, uses: int = 1, days: int | None = None, note: str = ""
) -> str:
    """A new code for so many accounts; the text is kept nowhere."""
    code = secrets.token_urlsafe(12)
    Invite.objects.create(
        code_hash=_invite_hash(code),
        created_by=created_by,
        most_uses=uses,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
        note=note,
    )
    return code


def _invite_spend(code: str) -> bool:
    usable = Invite.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        code_hash=_invite_hash(code),
        uses__lt=F("most_uses"),
    )
    return bool(usable.update(uses=F("uses") + 1))


def _invite_hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()


def _look_check(username: str, *, but_for: int | None = None) -> None:
    if looks_like_another(username, but_for=but_for):
        message = "This looks too much like another name."
        raise ConflictError.of_field("username", "username_look_alike", message)


def _username_taken() -> ConflictError:
    return ConflictError.of_field("username", "username_taken", "This name is taken.")
