"""The second factor: time-based codes (RFC 6238, by pyotp) and recovery codes."""

import base64
import secrets
import time
from dataclasses import dataclass

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.constants import MFA_LIFETIME_S, MFA_PER_ACCOUNT, RECOVERY_CODES
from accounts.events import SecondFactorChanged
from accounts.models import RecoveryCode, TotpDevice, User
from core.errors import BadInputError, RuleError, UnauthenticatedError
from core.events import publish
from core.limits import enforce
from core.signing import is_signed, purpose_key, sign

# A clock may be one step of 30 s off either way.
STEPS = (0, -1, 1)
STEP_S = 30
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class TotpSetUp:
    """What an authenticator needs: the secret as text, as a link, and as a QR code (SVG)."""

    secret: str
    uri: str
    qr_svg: str


def has_second_factor(user: User) -> bool:
    """Whether a password alone is not enough for this person."""
    return TotpDevice.objects.filter(user=user, confirmed_at__isnull=False).exists()


@transaction.atomic
def totp_begin(*, user: User) -> TotpSetUp:
    """A new secret, which counts once a first code of it was right; an unconfirmed one is replaced.

    Raises RuleError `mfa_on` when there is a second factor already.
    """
    if has_second_factor(user):
        raise RuleError("There is a second factor already; remove it first.", code="mfa_on")
    secret = pyotp.random_base32()
    TotpDevice.objects.update_or_create(
        user=user,
        defaults={"secret": _cipher().encrypt(secret.encode()).decode(), "last_step": 0},
    )
    uri = pyotp.TOTP(secret).provisioning_uri(
        name=user.username, issuer_name=settings.INSTANCE_NAME
    )
    return TotpSetUp(secret, uri, segno.make(uri, micro=False).svg_inline(scale=5, dark="#000"))


@transaction.atomic
def totp_confirm(*, user_id: int, code: str) -> list[str]:
    """The first right code switches it on; returns the recovery codes, which are shown only now.

    Raises RateLimitedError, RuleError `mfa_not_begun`, BadInputError `wrong_code`.
    """
    enforce(MFA_PER_ACCOUNT, f"u{user_id}")
    device = TotpDevice.objects.select_for_update().filter(user_id=user_id).first()
    if device is None or device.confirmed_at:
        raise RuleError("Begin with a new secret.", code="mfa_not_begun")
    if not _spend_step(device, code):
        raise BadInputError("This code is not right.", code="wrong_code")
    device.confirmed_at = timezone.now()
    device.save(update_fields=["confirmed_at"])
    publish(SecondFactorChanged(user_id=user_id, is_on=True))
    return recovery_codes_renew(user_id=user_id)


@transaction.atomic
def totp_remove(*, user_id: int) -> None:
    """The password alone is enough again. The second call changes nothing."""
    gone, _ = TotpDevice.objects.filter(user_id=user_id, confirmed_at__isnull=False).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()
    if gone:
        publish(SecondFactorChanged(user_id=user_id, is_on=False))


@transaction.atomic
def recovery_codes_renew(*, user_id: int) -> list[str]:
    """Ten new codes; the old ones are void. Raises RuleError `mfa_off` without a second factor."""
    if not TotpDevice.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists():
        raise RuleError("There is no second factor.", code="mfa_off")
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code)) for code in codes
    )
    return codes


def second_factor_check(*, user: User, code: str) -> None:
    """Spend a code of the device or a recovery code; none serves twice.

    Raises RateLimitedError, UnauthenticatedError `wrong_code`.
    """
    enforce(MFA_PER_ACCOUNT, f"u{user.pk}")
    given = "".join(code.split()).replace("-", "").lower()
    with transaction.atomic():
        device = TotpDevice.objects.select_for_update().get(user=user)
        if _spend_step(device, given) or _spend_recovery(user.pk, given):
            return
    raise UnauthenticatedError("This code is not right.", code="wrong_code")


def mfa_token_issue(user: User) -> str:
    """Says for five minutes that the password was right; a changed password voids it."""
    body = f"{user.pk}.{int(time.time()) + MFA_LIFETIME_S}"
    return f"{body}.{sign('mfa', body + user.password)}"


def mfa_token_read(token: str) -> User:
    """Whose password was right. Raises UnauthenticatedError `mfa_expired`."""
    body, _, signature = token.rpartition(".")
    number, _, ends_at = body.partition(".")
    if number.isdigit() and ends_at.isdigit() and body.isascii() and len(body) < 40:  # noqa: PLR2004
        user = User.objects.filter(pk=min(int(number), 2**63 - 1)).first()
        is_ours = user and is_signed("mfa", body + user.password, signature)
        if user and is_ours and user.is_active and int(ends_at) > time.time():
            return user
    raise UnauthenticatedError("Begin again with your password.", code="mfa_expired")


def _spend_step(device: TotpDevice, code: str) -> bool:
    """Whether this is the code of a step that is newer than any used one (RFC 6238, 5.2)."""
    totp = pyotp.TOTP(_secret(device))
    now = int(time.time()) // STEP_S
    for step in (now + offset for offset in STEPS):
        if step > device.last_step and secrets.compare_digest(
            totp.generate_otp(step).encode(), code.encode()
        ):
            device.last_step = step
            device.save(update_fields=["last_step"])
            return True
    return False


def _spend_recovery(user_id: int, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user_id=user_id, used_at__isnull=True)
    return bool(unused.filter(code_hash=_hash(user_id, code)).update(used_at=timezone.now()))


def _recovery_code() -> str:
    """Ten letters and digits that cannot be mistaken for each other: 49 bits."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _hash(user_id: int, code: str) -> str:
    return sign("recovery-code", f"{user_id}.{code.replace('-', '')}", length=32)


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(purpose_key("totp")))


def _secret(device: TotpDevice) -> str:
    """Raises RuleError `mfa_unreadable` after SECRET_KEY was replaced."""
    try:
        return _cipher().decrypt(device.secret.encode()).decode()
    except InvalidToken as error:
        raise RuleError(
            "The second factor cannot be read any more; ask those who run this place.",
            code="mfa_unreadable",
        ) from error
