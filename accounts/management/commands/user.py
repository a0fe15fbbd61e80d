"""`manage.py user`: look somebody up, and do what nobody should need the admin's pages for."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.constants import UserState
from accounts.models import Session, User
from accounts.services import account_erase, email_vouch, sessions_end_all, totp_remove
from core.errors import ConflictError


class Command(BaseCommand):
    """One act on people, by their usernames."""

    help = "show, verify, suspend, restore, reset-2fa or delete accounts"

    def add_arguments(self, parser: CommandParser) -> None:
        """The act and the person."""
        parser.add_argument("act", choices=sorted(_ACTS))
        parser.add_argument("usernames", metavar="username", nargs="+")
        parser.add_argument("--yes", action="store_true", help="delete without asking")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Raises CommandError for a name that nobody has."""
        people = [_person(name) for name in options["usernames"]]
        for user in people:
            if options["act"] == "delete" and not options["yes"]:
                _ask_before_erasing(user)
            for line in _ACTS[options["act"]](user):
                self.stdout.write(line)


def _person(name: str) -> User:
    user = User.objects.filter(username=name.lower()).first()
    if user is None:
        raise CommandError(f"There is nobody called {name}.")
    return user


def _ask_before_erasing(user: User) -> None:
    answer = input(f"Erase {user.username} and everything of theirs, now? [y/N] ")
    if answer.strip().lower() not in ("y", "yes"):
        raise CommandError("Nothing was changed.")


def _show(user: User) -> list[str]:
    live = Session.objects.filter(
        user=user, revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).count()
    return [
        f"id          {user.pk}",
        f"username    {user.username}",
        f"e-mail      {user.email} ({'verified' if user.is_verified else 'not verified'})",
        f"role        {user.role}",
        f"state       {user.state}",
        f"since       {user.created_at:%Y-%m-%d}",
        (
            f"posts       {user.posts_count}, followers {user.followers_count}, "
            f"following {user.following_count}"
        ),
        f"signed in   {live} times",
    ]


def _verify(user: User) -> list[str]:
    try:
        email_vouch(user_id=user.pk)
    except ConflictError as error:
        raise CommandError(error.detail) from error
    return [f"The address of {user.username} is verified."]


def _set_state(user: User, state: UserState) -> None:
    user.state = state
    user.save(update_fields=["state"])


def _suspend(user: User) -> list[str]:
    _set_state(user, UserState.SUSPENDED)
    sessions_end_all(user_id=user.pk)
    return [f"{user.username} is suspended and signed out."]


def _restore(user: User) -> list[str]:
    _set_state(user, UserState.ACTIVE)
    return [f"{user.username} is back."]


def _reset_second_factor(user: User) -> list[str]:
    totp_remove(user_id=user.pk)
    return [f"{user.username} signs in with the password alone; a mail says so."]


def _delete(user: User) -> list[str]:
    account_erase(user_id=user.pk)
    return [f"{user.username} is erased."]


_ACTS: dict[str, Callable[[User], list[str]]] = {
    "show": _show,
    "verify": _verify,
    "suspend": _suspend,
    "restore": _restore,
    "reset-2fa": _reset_second_factor,
    "delete": _delete,
}
