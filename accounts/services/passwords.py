"""Passwords: checked, confirmed, changed, and set anew by a mailed link."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constants import (
    FORGOT_PER_ADDRESS,
    PASSWORD_CHECKS,
    PASSWORD_MAX,
    PASSWORD_MIN,
    USERNAME_MIN,
    Purpose,
)
from accounts.events import PasswordChanged, PasswordForgotten
from accounts.models import User
from accounts.services.proofs import proof_redeem, proofs_void
from accounts.services.sessions import sessions_end_all, sessions_end_others
from core.errors import BadInputError, ForbiddenError
from core.events import publish
from core.http import limit_subject
from core.limits import enforce


def password_check(password: str, user: User) -> None:
    """Raises BadInputError for a length outside 8 to 128 or a password that is easy to guess."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        message = "A password has 8 to 128 characters."
        raise BadInputError.of_field("password", "password_length", message)
    try:
        validate_password(password, user)
    except ValidationError as error:
        message = " ".join(error.messages)
        raise BadInputError.of_field("password", "password_weak", message) from error


def password_confirm(*, user_id: int, password: str) -> User:
    """The person, who has just typed their password once more.

    Raises RateLimitedError, ForbiddenError `wrong_password`.
    """
    enforce(PASSWORD_CHECKS, f"u{user_id}")
    user = User.objects.get(pk=user_id)
    if not check_password(password, user.password):
        raise ForbiddenError("This is not your password.", code="wrong_password")
    return user


def password_change(*, user_id: int, session_id: int | None, old: str, new: str) -> None:
    """A new password; all other sessions end, and mailed links are void.

    Raises as `password_confirm` and `password_check`.
    """
    user = password_confirm(user_id=user_id, password=old)
    password_check(new, user)
    with transaction.atomic():
        _set(user, new)
        sessions_end_others(user_id=user_id, but=session_id)


def password_forgot(*, email: str, address: str) -> None:
    """Ask for a link by mail. What follows is the same, whether or not there is an account.

    Raises RateLimitedError for a client that asks too often.
    """
    enforce(FORGOT_PER_ADDRESS, limit_subject(address))
    with transaction.atomic():
        publish(PasswordForgotten(email=email))


def password_reset(*, token: str, new: str) -> None:
    """Set it by the mailed link; every session and token ends.

    Raises BadInputError `bad_token`, and as `password_check`, which leaves the link good.
    """
    with transaction.atomic():
        user = proof_redeem(token=token, purposes=(Purpose.RESET_PASSWORD,)).user
        password_check(new, user)
        _set(user, new)
        sessions_end_all(user_id=user.pk)


def _set(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    proofs_void(user_id=user.pk)
    publish(PasswordChanged(user_id=user.pk))


class ContextPasswordValidator:
    """Refuses passwords that are little more than a name which everybody here can see."""

    OTHER_LETTERS = 5

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a name of person or place with fewer than 5 other letters."""
        known = password.lower()
        rest = known
        for word in _context_words(user):
            rest = rest.replace(word, "")
        if rest != known and sum(map(str.isalpha, rest)) < self.OTHER_LETTERS:
            raise ValidationError("This password is too close to your name or that of this place.")

    def get_help_text(self) -> str:
        """For the admin."""
        return "Your password cannot be built from your name or the name of this place."


def _context_words(user: User | None) -> set[str]:
    words = {"jyoti", settings.INSTANCE_NAME.lower()}
    if user is not None:
        words |= {user.username.lower(), user.email.partition("@")[0].lower()}
    return {word for word in words if len(word) >= USERNAME_MIN}
