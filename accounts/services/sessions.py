"""Sessions: log-in, rotation with a grace and reuse detection, and every way to end them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.constants import (
    LOGIN_BY_STRANGERS,
    LOGIN_PER_ACCOUNT,
    LOGIN_PER_ADDRESS,
    PASSWORD_MAX,
    REFRESH_GRACE,
    SESSION_LIFETIME,
    USER_AGENT_MAX,
    ClientKind,
    UserState,
)
from accounts.events import PrivacyChanged, RefreshReused, SignedInSomewhere
from accounts.models import Session, User
from accounts.selectors.sessions import epoch_key
from accounts.services.rules import address_check
from accounts.services.second_factor import (
    has_second_factor,
    mfa_token_issue,
    mfa_token_read,
    second_factor_check,
)
from accounts.services.tokens import (
    access_token_issue,
    refresh_token_for,
    refresh_token_read,
    token_expired,
)
from core.errors import ForbiddenError, RateLimitedError, UnauthenticatedError
from core.events import publish
from core.http import limit_subject
from core.limits import enforce, take
from core.realtime import close_sockets
from core.redis import attempt, sync_redis

REVOKED_CODE = 4401
KNOWN_PLACES_MAX = 200


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody signs in from."""

    client: ClientKind
    user_agent: str
    address: str


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The password was right; `mfa_token` carries that for five minutes."""

    mfa_token: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, their session, and the two tokens."""

    user: User
    session: Session
    access: str
    refresh: str


def session_login(*, login: str, password: str, device: Device) -> SignedIn | SecondFactorNeeded:
    """Sign in by username, or by the verified owner's e-mail address.

    Unknown names cost the same time as wrong passwords and get the same answer. Who has a second
    factor gets a token for `session_login_second` instead of a session.
    Raises RateLimitedError, UnauthenticatedError `wrong_credentials`, ForbiddenError `suspended`.
    """
    user = password_login(login=login, password=password, address=device.address)
    if has_second_factor(user):
        return SecondFactorNeeded(mfa_token_issue(user))
    return session_start(user=user, device=device)


def session_login_second(*, mfa_token: str, code: str, device: Device) -> SignedIn:
    """The second step: a code of the device, or one of the recovery codes.

    Raises RateLimitedError, UnauthenticatedError `mfa_expired` or `wrong_code`.
    """
    user = mfa_token_read(mfa_token)
    second_factor_check(user=user, code=code)
    return session_start(user=user, device=device)


def password_login(*, login: str, password: str, address: str) -> User:
    """Whose name and password these are. Everything that signs somebody in begins here."""
    name = login.strip().lower()
    address_check(address)
    place = limit_subject(address)
    enforce(LOGIN_PER_ADDRESS, place)
    enforce(LOGIN_PER_ACCOUNT, f"{place} {name}")
    user = _user_of(name)
    _strangers_check(user, name, place)
    if user is None:
        make_password(password[:PASSWORD_MAX])
        raise _wrong_credentials()
    if not check_password(password, user.password, setter=_upgrade(user)):
        raise _wrong_credentials()
    if user.state == UserState.SUSPENDED:
        raise ForbiddenError("This account is suspended.", code="suspended")
    if not user.is_active:
        raise _wrong_credentials()
    return user


@transaction.atomic
def session_start(*, user: User, device: Device) -> SignedIn:
    """A new family for somebody who has proved who they are."""
    if user.state == UserState.DEACTIVATED:
        # Signing in is how they come back.
        user.state = UserState.ACTIVE
        user.save(update_fields=["state"])
        publish(PrivacyChanged(user_id=user.pk))
    session = session_open(user=user, device=device, lifetime=SESSION_LIFETIME)
    publish(SignedInSomewhere(session_id=session.pk))
    return _signed_in(user, session)


def session_open(*, user: User, device: Device, lifetime: timedelta) -> Session:
    """The row behind tokens of any kind."""
    now = timezone.now()
    return Session.objects.create(
        user=user,
        family=secrets.token_hex(16),
        client=device.client,
        user_agent=device.user_agent[:USER_AGENT_MAX],
        address=device.address,
        created_at=now,
        rotated_at=now,
        expires_at=now + lifetime,
    )


def session_refresh(*, refresh: str, client: ClientKind, address: str = "") -> SignedIn:
    """Rotate: the one UPDATE that finds the presented counter wins.

    For 10 s after that the predecessor gets the same successor again, so parallel calls and lost
    answers are harmless; later it is a stolen token, and the family ends.
    Raises UnauthenticatedError `token_expired` or `session_revoked`.
    """
    family, counter = refresh_token_read(refresh)
    now = timezone.now()
    live = Session.objects.filter(
        family=family, client=client, revoked_at__isnull=True, expires_at__gt=now
    )
    changes = {
        "counter": F("counter") + 1,
        "rotated_at": now,
        **({"address": address} if address else {}),
    }
    live.filter(counter=counter).update(**changes)
    session = live.select_related("user").first()
    if session is None or not session.user.is_active:
        raise token_expired()
    is_successor = counter + 1 == session.counter
    if not (is_successor and session.rotated_at > now - REFRESH_GRACE):
        _revoke_reused(session)
        raise UnauthenticatedError("This session was ended.", code="session_revoked")
    return _signed_in(session.user, session)


def session_end(*, user_id: int, session_id: int) -> None:
    """Sign out one session; its tokens are void within 5 s. The second call changes nothing."""
    _revoke(Q(pk=session_id, user_id=user_id), user_id)


def session_end_by_refresh(*, refresh: str) -> None:
    """Sign out the session of this refresh token; an unknown one changes nothing."""
    family, _ = refresh_token_read(refresh)
    session = Session.objects.filter(family=family).first()
    if session:
        session_end(user_id=session.user_id, session_id=session.pk)


@transaction.atomic
def sessions_end_all(*, user_id: int) -> None:
    """Sign out everywhere: every token that was ever made for this person is void."""
    User.objects.filter(pk=user_id).update(token_epoch=F("token_epoch") + 1)
    _revoke(Q(user_id=user_id), user_id)


def sessions_end_others(*, user_id: int, but: int | None) -> None:
    """Sign out everywhere else. Personal tokens go on: programs do not know the password."""
    _revoke(Q(user_id=user_id) & ~Q(pk=but or 0) & ~Q(client=ClientKind.TOKEN), user_id)


@transaction.atomic
def _revoke(which: Q, user_id: int) -> None:
    rows = Session.objects.select_for_update().filter(which, revoked_at__isnull=True).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    Session.objects.filter(pk__in=ids).update(revoked_at=timezone.now())

    def forget() -> None:
        names = [epoch_key(user_id, session_id) for session_id in ids]
        if names:
            attempt(lambda: sync_redis().delete(*names) and None, lambda: None)

    transaction.on_commit(forget)
    for session_id in ids:
        close_sockets(user_id, session_id=session_id, code=REVOKED_CODE)


@transaction.atomic
def _revoke_reused(session: Session) -> None:
    publish(RefreshReused(user_id=session.user_id, session_id=session.pk))
    session_end(user_id=session.user_id, session_id=session.pk)


def _signed_in(user: User, session: Session) -> SignedIn:
    return SignedIn(
        user, session, access_token_issue(user=user, session=session), refresh_token_for(session)
    )


def _user_of(name: str) -> User | None:
    if "@" in name:
        return User.objects.filter(email__iexact=name, email_verified_at__isnull=False).first()
    return User.objects.filter(username=name).first()


def _strangers_check(user: User | None, name: str, place: str) -> None:
    """Very many places that try one account stop each other, but none where its owner was lately.

    Raises RateLimitedError, alike for names that nobody has.
    """
    strangers = take(LOGIN_BY_STRANGERS, name)
    if not strangers.allowed and not _is_known_place(user, place):
        raise RateLimitedError(retry_after=strangers.retry_after)


def _is_known_place(user: User | None, place: str) -> bool:
    sessions = Session.objects.filter(user_id=user.pk if user else 0, address__isnull=False)
    addresses = sessions.order_by("-pk").values_list("address", flat=True)[:KNOWN_PLACES_MAX]
    return place in {limit_subject(str(address)) for address in addresses}


def _upgrade(user: User) -> Callable[[str], None]:
    def setter(raw_password: str) -> None:
        user.set_password(raw_password)
        User.objects.filter(pk=user.pk).update(password=user.password)

    return setter


def _wrong_credentials() -> UnauthenticatedError:
    return UnauthenticatedError("The name or the password is not right.", code="wrong_credentials")
