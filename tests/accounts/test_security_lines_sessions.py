"""Tokens and sessions: the SESS lines of docs/security.md that stand nowhere else."""

import base64
import hmac
import json
import time
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.constants import ClientKind
from accounts.handlers import purge_ended_sessions
from accounts.models import OneTimeToken, Session, User
from accounts.services import proof_of, session_start
from accounts.services.second_factor import mfa_token_issue
from tests.accounts.test_tokens import claims, me
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth"
NATIVE = {"HTTP_X_CLIENT": "native"}
HMACS = ("HS256", "HS384", "HS512")
_RSA = rsa.generate_private_key(65537, 2048)
PRIVATE = {
    "RS256": _RSA, "RS512": _RSA, "PS256": _RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}  # fmt: skip


# SESS-01


def part(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def hand_made(header, body, key=None, digest="sha256"):
    """A token of any header; with a key it is signed by HMAC, whatever the header says."""
    text = f"{part(header)}.{part(body)}"
    signature = "" if key is None else part(hmac.digest(key, text.encode(), digest))
    return f"{text}.{signature}"


def public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def forged(body):
    """62 tokens that are not ours, by how each was made."""
    ours = settings.SECRET_KEY.encode()
    good = jwt.encode(body, settings.SECRET_KEY)
    head, claims_part, signature = good.split(".")
    for name in ("none", "None", "NONE", "nOnE", "", None, 0, [], {}):
        yield f"algorithm {name!r}, no signature", hand_made({"alg": name, "typ": "JWT"}, body)
    for name in ("none", "None"):
        yield f"algorithm {name}, signed", hand_made({"alg": name}, body, ours)
        yield f"algorithm {name}, ours", f"{part({'alg': name})}.{claims_part}.{signature}"
    yield "no algorithm", hand_made({"typ": "JWT"}, body, ours)
    for name in HMACS[1:]:
        yield name, hand_made({"alg": name}, body, ours, f"sha{name[2:]}")
        yield f"{name} by HS256", hand_made({"alg": name}, body, ours)
    for name, key in PRIVATE.items():
        yield name, jwt.encode(body, key, algorithm=name)
        yield f"{name}, its public key as ours", hand_made({"alg": "HS256"}, body, public_pem(key))
        yield f"{name} in name, ours in fact", hand_made({"alg": name}, body, ours)
    weak = (b"", b"\0", b"secret", b"jyoti", b"changeme", b"your-256-bit-secret", b"0" * 32,
            b"django-insecure", ours[:-1], ours + b"\0", ours[:32], ours.upper() + b"!")  # fmt: skip
    for key in weak:
        yield f"key {key[:12]!r}", hand_made({"alg": "HS256"}, body, key)
    for name in ("kid", "jku", "jwk", "x5u", "x5c"):
        value = {"jku": "https://evil.example/keys", "x5u": "https://evil.example/cert",
                 "kid": "../../../../dev/null", "x5c": ["MIIB"],
                 "jwk": {"kty": "oct", "k": part(b"evil key")}}[name]  # fmt: skip
        yield f"{name} of another", hand_made({"alg": "HS256", name: value}, body, b"evil key")
    yield "kid as SQL", hand_made({"alg": "HS256", "kid": "x' UNION SELECT 'a"}, body, b"a")
    yield "critical header", hand_made({"alg": "HS256", "crit": ["exp"]}, body, b"x")
    yield (
        "unencoded payload",
        hand_made({"alg": "HS256", "b64": False, "crit": ["b64"]}, body, ours),
    )
    yield "cut signature", good[:-4]
    yield "no signature", f"{head}.{claims_part}."
    yield "two parts", f"{head}.{claims_part}"
    yield "four parts", f"{good}.{signature}"
    yield "other claims", f"{head}.{part({**body, 'role': 'admin'})}.{signature}"
    yield "claims are no object", hand_made({"alg": "HS256"}, [body], ours)
    yield "claims are no JSON", hand_made({"alg": "HS256"}, b"{", ours)
    yield "header is no JSON", f"{part(b'{')}.{claims_part}.{signature}"


def test_none_of_62_foreign_tokens_is_taken_for_ours(user, device):
    session = session_start(user=user, device=device).session
    body = claims(user, session)
    assert me(hand_made({"alg": "HS256"}, body, settings.SECRET_KEY.encode())).status_code == 200
    tokens = dict(forged(body))
    assert len(tokens) == 62
    answers = {name: me(token) for name, token in tokens.items()}
    assert {name: a.status_code for name, a in answers.items()} == dict.fromkeys(tokens, 401)
    assert {a.json()["code"] for a in answers.values()} == {"token_expired"}


# SESS-02


def test_an_access_token_lives_ten_minutes_and_says_all_that_is_checked(user, device):
    access = session_start(user=user, device=device).access
    body = jwt.decode(access, options={"verify_signature": False})
    assert body["exp"] - body["iat"] == 600
    assert (body["aud"], body["iss"], body["token_type"]) == ("jyoti", "jyoti", "access")
    assert jwt.get_unverified_header(access) == {"alg": "HS256", "typ": "JWT"}


# SESS-03


@pytest.fixture
def tokens(api, user, device):
    """One good token of each kind, of one person."""
    User.objects.filter(pk=user.pk).update(email_verified_at=None)
    native = session_start(user=user, device=device)
    Session.objects.filter(pk=native.session.pk).update(client=ClientKind.NATIVE)
    client = api(user)
    made = {"name": "A script", "scopes": ["read"], "days": 7, "password": PASSWORD}
    proof = proof_of(OneTimeToken.objects.get(user=user))
    return {
        "access": native.access,
        "personal": client.post(f"{AUTH}/tokens", made).json()["token"],
        "refresh": native.refresh,
        "ticket": client.post(f"{AUTH}/ws-ticket", {}).json()["ticket"],
        "mfa": mfa_token_issue(user),
        "verify": proof.token,
        "code": proof.code,
    }


KINDS = ("access", "personal", "refresh", "ticket", "mfa", "verify", "code")


def as_access(api, token):
    return me(token)


def as_refresh(api, token):
    return api().post(f"{AUTH}/refresh", {"refresh": token[:200]}, **NATIVE)


def as_reset(api, token):
    body = {"token": token[:100], "password": "twelve grey herons 4"}
    return api().post(f"{AUTH}/password/reset", body)


def as_proof(api, token):
    return api().post(f"{AUTH}/email/verify", {"token": token[:100]})


def as_mfa(api, token):
    return api().post(f"{AUTH}/login/mfa", {"mfa_token": token[:200], "code": "123456"}, **NATIVE)


PLACES = {
    "access": (as_access, {"access", "personal"}),
    "refresh": (as_refresh, {"refresh"}),
    "reset": (as_reset, set()),
    "proof": (as_proof, {"verify"}),
    "mfa": (as_mfa, set()),
}


@pytest.mark.parametrize(
    ("place", "kind"),
    [(place, kind) for place in PLACES for kind in KINDS if (place, kind) != ("mfa", "mfa")],
)
def test_a_token_opens_only_what_it_is_for(api, user, tokens, place, kind):
    ask, right = PLACES[place]
    answer = ask(api, tokens[kind])
    assert (answer.status_code < 300) == (kind in right), answer.content
    if kind not in right:
        assert answer.status_code in (400, 401)
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        assert not user.is_verified


# SESS-07


def leave(client, route):
    return client.post(f"/api/v1/me/{route}", {"password": PASSWORD})


def change_password(client):
    body = {"old_password": PASSWORD, "password": "twelve grey herons 4"}
    return client.post(f"{AUTH}/password/change", body)


ENDS = {
    "deactivate": lambda client: leave(client, "deactivate"),
    "delete": lambda client: leave(client, "delete"),
    "password": change_password,
    "logout-all": lambda client: client.post(f"{AUTH}/logout-all", {}),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("redis", ["there", "away"])
def test_what_ends_a_session_ends_its_tokens_within_five_seconds(
    api, user, device, how, redis, request
):
    if redis == "away":
        request.getfixturevalue("no_redis")
    signed_in = session_start(user=user, device=device)
    Session.objects.filter(pk=signed_in.session.pk).update(client=ClientKind.NATIVE)
    assert me(signed_in.access).status_code == 200  # and is now kept for five seconds
    began = time.monotonic()
    assert ENDS[how](api(user)).status_code in (200, 204)
    answer = me(signed_in.access)
    while answer.status_code == 200 and time.monotonic() - began < 5.5:
        time.sleep(0.1)
        answer = me(signed_in.access)
    assert time.monotonic() - began < 5.5
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    refreshed = api().post(f"{AUTH}/refresh", {"refresh": signed_in.refresh}, **NATIVE)
    assert refreshed.status_code == 401


# SESS-08


def test_no_token_is_read_from_a_url(api, user, device):
    signed_in = session_start(user=user, device=device)
    for name in ("access", "access_token", "token", "jwt", "refresh", "Authorization"):
        answer = api().get("/api/v1/me", {name: signed_in.access})
        assert answer.status_code == 401
        query = f"{AUTH}/refresh?{name}={signed_in.refresh}"
        assert api().post(query, {}, **NATIVE).status_code in (400, 401)
    assert Session.objects.get(pk=signed_in.session.pk).counter == 0


# SESS-09


def test_no_rotation_makes_a_session_longer_than_thirty_days(api, user, device):
    signed_in = session_start(user=user, device=device)
    Session.objects.update(client=ClientKind.NATIVE)
    before = Session.objects.get()
    assert before.expires_at - before.created_at == timedelta(days=30)
    token = signed_in.refresh
    for _ in range(3):
        token = api().post(f"{AUTH}/refresh", {"refresh": token}, **NATIVE).json()["refresh"]
    assert Session.objects.get().expires_at == before.expires_at
    Session.objects.update(expires_at=timezone.now())
    assert api().post(f"{AUTH}/refresh", {"refresh": token}, **NATIVE).status_code == 401


# SESS-10


def test_rotations_add_no_row_and_the_purge_leaves_at_most_twice_the_live_ones(api, user, device):
    live = [session_start(user=user, device=device) for _ in range(5)]
    Session.objects.update(client=ClientKind.NATIVE)
    for signed_in in live:
        token = signed_in.refresh
        for _ in range(4):
            token = api().post(f"{AUTH}/refresh", {"refresh": token}, **NATIVE).json()["refresh"]
    assert Session.objects.count() == 5
    for _ in range(20):
        ended = session_start(user=user, device=device).session
        Session.objects.filter(pk=ended.pk).update(revoked_at=timezone.now() - timedelta(days=2))
    purge_ended_sessions()
    assert Session.objects.count() == 5


# The token check


def test_within_five_seconds_a_check_of_a_token_asks_the_database_once(api, user, other_user):
    client = api(user)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            assert client.get(f"/api/v1/users/{other_user.pk}").status_code == 200
    asked = [q for q in queries if '"accounts_session"' in q["sql"] and "token_epoch" in q["sql"]]
    assert len(asked) == 1


def test_a_checked_token_costs_no_query_at_all(user, device):
    access = session_start(user=user, device=device).access
    me(access)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(10):
            assert me("x" + access).status_code == 401
            assert me(access).status_code == 200
    tables = [q["sql"].split(" FROM ")[1].split()[0] for q in queries]
    assert tables == ['"accounts_user"'] * 10  # what GET me itself reads
