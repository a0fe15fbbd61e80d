"""The two accounts that smoke signs in with; made on the server, renewed at every call."""

import secrets
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Follow, User
from accounts.services import (
    follow_create,
    follow_request_accept,
    profile_update,
    sessions_end_all,
    username_check,
)
from core.errors import ConflictError

NAMES: Final = ("smoke.one", "smoke.two")
#: No mail can ever be sent to it (RFC 2606), and nobody else can have an address there.
DOMAIN: Final = "smoke.invalid"
PROFILE: Final = {
    "display_name": "Smoke test",
    "bio": "An account of this site's operators. It looks whether everything works.",
    "is_private": True,
}


@transaction.atomic
def people_renew(names: tuple[str, str] = NAMES) -> list[dict[str, str]]:
    """Both accounts with new passwords, which are kept nowhere; all their sessions end.

    They are private and follow each other, so what they do is nobody else's to see.
    Raises ConflictError `username_taken` when a person has one of the names, BadInputError for a
    name that is not allowed.
    """
    passwords = {name: secrets.token_urlsafe(24) for name in names}
    one, other = (_renew(name, password) for name, password in passwords.items())
    _follow(one, other)
    _follow(other, one)
    return [{"username": name, "password": password} for name, password in passwords.items()]


def _renew(name: str, password: str) -> User:
    email = f"{name}@{DOMAIN}"
    user = User.objects.filter(username=name, email=email).first() or _create(name, email)
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password, email_verified_at=timezone.now())
    sessions_end_all(user_id=user.pk)
    return profile_update(user_id=user.pk, **PROFILE)


def _create(name: str, email: str) -> User:
    """Not by registration: that would send a welcome to an address without a mailbox."""
    username_check(name)
    if User.objects.filter(username=name).exists():
        raise ConflictError(f"Somebody is called {name}.", code="username_taken")
    return User.objects.create(username=name, email=email)


def _follow(follower: User, followee: User) -> None:
    follow_create(follower_id=follower.pk, followee=followee)
    if Follow.objects.requested().filter(follower=follower, followee=followee).exists():
        follow_request_accept(followee_id=followee.pk, follower_id=follower.pk)
