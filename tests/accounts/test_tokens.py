"""What a token must not be: of another kind, by another key, or about nobody."""

import time

import jwt
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.selectors import sessions
from accounts.services import session_end, session_start, tokens

pytestmark = pytest.mark.django_db


def claims(user, session, **changes):
    now = int(time.time())
    body = {
        "token_type": "access",
        "exp": now + 600,
        "iat": now,
        "jti": "x",
        "aud": "jyoti",
        "iss": "jyoti",
        "sub": str(user.pk),
        "sid": str(session.pk),
        "epoch": user.token_epoch,
        "role": "user",
        "verified": False,
        "scopes": ["read", "write", "messages"],
    }
    return {k: v for k, v in {**body, **changes}.items() if v is not None}


def me(token):
    return APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {token}")


@pytest.fixture
def session(user, device):
    return session_start(user=user, device=device).session


def test_the_form_that_the_other_tests_change_is_itself_accepted(user, session):
    assert me(jwt.encode(claims(user, session), settings.SECRET_KEY)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"token_type": "refresh"},
        {"token_type": None},
        {"aud": "other"},
        {"iss": "other"},
        {"exp": 1},
        {"exp": None},
        {"exp": 10**400},
        {"exp": "soon"},
        {"nbf": 10**12},
        {"sub": "abc"},
        {"sub": "-1"},
        {"sub": None},
        {"sub": str(10**30)},
        {"sid": "x"},
        {"sid": "0"},
        {"epoch": 99},
        {"epoch": "x"},
        {"role": "emperor"},
        {"scopes": None},
        {"scopes": 7},
    ],
)
def test_odd_claims_are_401_even_with_the_right_key(user, session, changes):
    answer = me(jwt.encode(claims(user, session, **changes), settings.SECRET_KEY))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")


def test_the_key_is_looked_at_once_and_another_kind_of_key_still_refused(user, device):
    first, second = (session_start(user=user, device=device).access for _ in range(2))
    tokens.access_token_read(first)
    looked = tokens._prepared.cache_info().misses
    assert tokens.access_token_read(second).viewer.pk == user.pk
    assert tokens._prepared.cache_info().misses == looked
    public = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----"
    for _ in range(2):
        with pytest.raises(jwt.InvalidKeyError):
            jwt.decode(first, public, algorithms=["HS256"], audience="jyoti")


def test_another_algorithm_or_key_is_refused(user, session):
    body = claims(user, session)
    tokens = [
        jwt.encode(body, None, algorithm="none"),
        jwt.encode(body, "another key that is long enough for it", algorithm="HS256"),
        jwt.encode(body, settings.SECRET_KEY, algorithm="HS384"),
        jwt.encode(body, settings.SECRET_KEY, headers={"kid": "../../dev/null"}) + "x",
        "a.b.c",
        "..",
        "x" * 5000,
    ]
    assert [me(token).status_code for token in tokens] == [401] * len(tokens)


def test_a_bad_token_on_an_optional_route_is_not_silently_anonymous(user):
    answer = APIClient().get(f"/api/v1/users/{user.pk}", HTTP_AUTHORIZATION="Bearer nonsense")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")


@pytest.mark.parametrize("header", ["Basic dTpw", "Bearer", "Bearer a b", "bearer  "])
def test_a_header_of_another_form_is_401(user, header):
    assert APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=header).status_code == 401


def test_the_second_check_of_a_token_asks_the_database_nothing(user, device):
    access = session_start(user=user, device=device).access
    me(access)
    with CaptureQueriesContext(connection) as queries:
        me(access)
    assert [q["sql"].split(" FROM ")[1].split()[0] for q in queries] == ['"accounts_user"']


@pytest.mark.parametrize("state", ["deactivated", "suspended"])
def test_a_person_who_is_not_shown_any_more_is_refused(user, device, state):
    access = session_start(user=user, device=device).access
    type(user).objects.filter(pk=user.pk).update(state=state)
    assert me(access).status_code == 401


def test_a_revocation_holds_while_redis_is_away(user, device, no_redis):
    signed_in = session_start(user=user, device=device)
    assert me(signed_in.access).status_code == 200
    session_end(user_id=user.pk, session_id=signed_in.session.pk)
    sessions._local.clear()  # as after the five seconds for which an answer is kept
    assert me(signed_in.access).status_code == 401
