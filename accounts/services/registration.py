"""Registration: a new account, or the same answer for an address that is taken."""

import re

from django.db import IntegrityError, transaction

from accounts.constants import (
    RESERVED_USERNAMES,
    USERNAME_PATTERN,
)
from accounts.events import UserRegistered
from accounts.models import User
from accounts.services.addresses import email_verification_ask
from accounts.services.passwords import password_check
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
    publish(UserRegistered(user_id=user.pk))
    email_verification_ask(user=user)
    return user


def username_check(username: str) -> None:
    """Raises BadInputError `bad_username` or `username_reserved`."""
    if not re.fullmatch(USERNAME_PATTERN, username):
        _refuse("username", "bad_username", "Use 3 to 30 of a-z, 0-9, dot and underscore.")
    if username in RESERVED_USERNAMES:
        _refuse("username", "username_reserved", "This name is reserved.")


def _refuse(field: str, code: str, message: str) -> None:
    raise BadInputError(message, code=code, errors=[FieldError(field, code, message)])


def _username_taken() -> ConflictError:
    message = "This name is taken."
    return ConflictError(
        message,
        code="username_taken",
        errors=[FieldError("username", "username_taken", message)],
    )
