"""Which usernames are free: nobody's, not reserved, not lately given up, not mistaken for another."""

import re

from django.db.models import F
from django.utils import timezone

from accounts.constants import (
    CONFUSABLE,
    RESERVED_USERNAMES,
    USERNAME_FREEZE,
    USERNAME_PATTERN,
)
from accounts.models import FormerUsername, User, skeleton_of

_SEPARATORS = str.maketrans("", "", "._")


def is_username_frozen(name: str, *, but_for: int | None = None) -> bool:
    """Whether somebody else gave this name up less than 30 days ago."""
    frozen = FormerUsername.objects.filter(
        username=name, released_at__gt=timezone.now() - USERNAME_FREEZE
    )
    return frozen.exclude(user=but_for).exists()


def looks_like_another(name: str, *, but_for: int | None = None) -> bool:
    """Whether this name could be mistaken for a reserved one, or for somebody else's."""
    if _seen_from_afar(name) in _RESERVED:
        return True
    alike = User.objects.alias(seen_as=skeleton_of(F("username")))
    alike = alike.filter(seen_as=_skeleton(name)).exclude(username=name)
    return alike.exclude(pk=but_for or 0).exists()


def is_username_free(username: str) -> bool:
    """Whether somebody could register this name."""
    name = username.lower()
    is_allowed = re.fullmatch(USERNAME_PATTERN, name) and name not in RESERVED_USERNAMES
    return (
        bool(is_allowed)
        and not User.objects.filter(username=name).exists()
        and not is_username_frozen(name)
        and not looks_like_another(name)
    )


def _skeleton(name: str) -> str:
    """As `accounts.models.skeleton_of` has it in SQL."""
    for part, seen_as in CONFUSABLE.items():
        name = name.replace(part, seen_as)
    return name


def _seen_from_afar(name: str) -> str:
    """Without what stands between the letters, and with i as l: nobody passes for the operator."""
    return _skeleton(name).translate(_SEPARATORS).replace("i", "l")


_RESERVED = frozenset(_seen_from_afar(name) for name in RESERVED_USERNAMES)
