"""Registration: a new account, or the same answer for an address that is taken."""

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.constants import (
    PASSWORD_MAX,
    PASSWORD_MIN,
    RESERVED_USERNAMES,
    USERNAME_PATTERN,
)
from accounts.events import RegistrationRefused, UserRegistered
from accounts.models import User
from core.errors import BadInputError, ConflictError, FieldError
from core.events import publish


@transaction.atomic
def user_register(*, username: str, email: str, password: str, display_name: str = "") -> User:
    """Create an account with an unverified address.

    An address that somebody verified already gives the same answer; its owner is told by mail.
    Raises ConflictError `username_taken`, BadInputError for a name or password that is not allowed.
    """
    user = User(username=username.lower(), email=email, display_name=display_name)
    username_check(user.username)
    password_check(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise _username_taken() from error
    owner = User.objects.filter(email__iexact=email, email_verified_at__isnull=False).first()
    publish(RegistrationRefused(user_id=owner.pk) if owner else UserRegistered(user_id=user.pk))
    return user


def username_check(username: str) -> None:
    """Raises BadInputError `bad_username` or `username_reserved`."""
    if not re.fullmatch(USERNAME_PATTERN, username):
        _refuse("username", "bad_username", "Use 3 to 30 of a-z, 0-9, dot and underscore.")
    if username in RESERVED_USERNAMES:
        _refuse("username", "username_reserved", "This name is reserved.")


def password_check(password: str, user: User) -> None:
    """Raises BadInputError for a length outside 8 to 128 or a password that is easy to guess."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        _refuse("password", "password_length", "A password has 8 to 128 characters.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        _refuse("password", "password_weak", " ".join(error.messages))


def _refuse(field: str, code: str, message: str) -> None:
    raise BadInputError(message, code=code, errors=[FieldError(field, code, message)])


def _username_taken() -> ConflictError:
    message = "This name is taken."
    return ConflictError(
        message,
        code="username_taken",
        errors=[FieldError("username", "username_taken", message)],
    )
