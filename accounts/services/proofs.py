"""Proofs by mail: a link, and for a new address a code of six digits, each good once and not long."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.constants import CODE_DIGITS, CODE_TRIES, PROOF_LIFETIME, Purpose
from accounts.events import ProofIssued
from accounts.models import OneTimeToken, User
from core.errors import BadInputError
from core.events import publish
from core.signing import is_signed, sign

_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Proof:
    """What a mail carries."""

    token: str
    code: str


@transaction.atomic
def proof_issue(*, user: User, purpose: Purpose, email: str) -> None:
    """A new proof for this address, which is mailed; the one before is void."""
    nonce = secrets.token_hex(16)
    row, _ = OneTimeToken.objects.update_or_create(
        user=user,
        purpose=purpose,
        defaults={
            "email": email,
            "nonce": nonce,
            "attempts": 0,
            "expires_at": timezone.now() + PROOF_LIFETIME,
        },
    )
    publish(ProofIssued(token_id=row.pk, nonce=nonce))


def proof_of(row: OneTimeToken) -> Proof:
    """The link's token and the code of a row, as they are mailed."""
    body = _body(row)
    number = int.from_bytes(sign("one-time-code", body).encode(), "big") % 10**CODE_DIGITS
    return Proof(f"{row.pk}.{sign('one-time', body, length=_LENGTH)}", f"{number:0{CODE_DIGITS}}")


def proof_redeem(*, token: str, purposes: tuple[Purpose, ...]) -> OneTimeToken:
    """The row behind a link's token, which is spent by this. Inside the caller's transaction.

    Raises BadInputError `bad_token` for one that is wrong, used, replaced or too old.
    """
    number, _, signature = token.partition(".")
    row = None
    if number.isascii() and number.isdigit() and len(number) < len(str(2**63)):
        row = _live(pk=int(number), purpose__in=purposes)
    if row is None or not is_signed("one-time", _body(row), signature, length=_LENGTH):
        raise bad_token()
    row.delete()
    return row


def proof_redeem_code(*, user_id: int, code: str, purposes: tuple[Purpose, ...]) -> OneTimeToken:
    """The same for the code of a signed-in person; CODE_TRIES wrong ones void it.

    Raises BadInputError `bad_code`.
    """
    rows = [row for purpose in purposes if (row := _live(user_id=user_id, purpose=purpose))]
    for row in rows:
        if secrets.compare_digest(proof_of(row).code.encode(), code.encode()):
            row.delete()
            return row
    raise BadInputError("This code is not right, or no longer good.", code="bad_code")


def proof_miss(*, user_id: int, purposes: tuple[Purpose, ...]) -> None:
    """Count a wrong code; outside the transaction that it failed in."""
    rows = OneTimeToken.objects.filter(user_id=user_id, purpose__in=purposes)
    rows.update(attempts=F("attempts") + 1)
    rows.filter(attempts__gte=CODE_TRIES).delete()


def proofs_void(*, user_id: int) -> None:
    """All proofs of a person are dead: their password or address changed."""
    OneTimeToken.objects.filter(user_id=user_id).delete()


def bad_token() -> BadInputError:
    """The one answer for a link that does not, or no longer, open anything."""
    return BadInputError("This link was used already, or is too old.", code="bad_token")


def _live(**which: object) -> OneTimeToken | None:
    rows = OneTimeToken.objects.select_for_update(of=("self",)).select_related("user")
    return rows.filter(expires_at__gt=timezone.now(), **which).first()


def _body(row: OneTimeToken) -> str:
    return f"{row.pk}.{row.user_id}.{row.purpose}.{row.email}.{row.nonce}"
