"""What the operator keeps out: words, addresses, mail domains, pictures. Read again every 10 s."""

import re
import time
from ipaddress import ip_address, ip_network

from django.db.models import Q
from django.utils import timezone

from accounts.constants import RuleKind
from accounts.models import BlockRule
from core.errors import BadInputError, ForbiddenError, RuleError
from core.text import folded

_KEPT_S = 10.0
_WORD = re.compile(r"\w+", re.UNICODE)


class _Rules:
    """The values of each kind; shared by the threads of a process."""

    def __init__(self) -> None:
        self.read_at = -_KEPT_S
        self.values: dict[str, frozenset[str]] = {}

    def of(self, kind: RuleKind) -> frozenset[str]:
        now = time.monotonic()
        if now - self.read_at >= _KEPT_S:
            self.values, self.read_at = _read(), now
        return self.values.get(kind, frozenset())


_rules = _Rules()


def _read() -> dict[str, frozenset[str]]:
    standing = BlockRule.objects.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))
    found: dict[str, set[str]] = {}
    for kind, value in standing.values_list("kind", "value"):
        found.setdefault(kind, set()).add(value)
    return {kind: frozenset(values) for kind, values in found.items()}


def rules_forget() -> None:
    """Read them anew at the next question; for whoever has just changed them."""
    _rules.read_at = -_KEPT_S


def words_check(text: str, *, field: str) -> None:
    """Raises BadInputError `word_not_allowed` if a word of a text for others to find is kept out.

    What people write to each other in private is not looked at.
    """
    kept_out = _rules.of(RuleKind.WORD)
    if kept_out and not kept_out.isdisjoint(_WORD.findall(folded(text))):
        message = "This holds a word that is not allowed here."
        raise BadInputError.of_field(field, "word_not_allowed", message)


def address_check(address: str) -> None:
    """Raises ForbiddenError `address_not_allowed` for a client in a network that is kept out."""
    networks = _rules.of(RuleKind.ADDRESS)
    try:
        here = ip_address(address)
    except ValueError:
        return
    if any(here in ip_network(network, strict=False) for network in networks):
        raise ForbiddenError("This is not possible from here.", code="address_not_allowed")


def mail_domain_check(email: str) -> None:
    """Raises BadInputError `mail_domain_not_allowed`, also for what is below such a domain."""
    labels = email.rpartition("@")[2].lower().rstrip(".").split(".")
    domains = {".".join(labels[start:]) for start in range(len(labels))}
    if not domains.isdisjoint(_rules.of(RuleKind.MAIL_DOMAIN)):
        message = "Addresses of this provider cannot be used here."
        raise BadInputError.of_field("email", "mail_domain_not_allowed", message)


def picture_check(*, sha256: str) -> None:
    """Raises RuleError `picture_not_allowed` for a file that is kept out."""
    if sha256 in _rules.of(RuleKind.PICTURE):
        raise RuleError("This picture cannot be shown here.", code="picture_not_allowed")
