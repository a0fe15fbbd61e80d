"""Passwords and log-ins: the AUTH lines of docs/security.md that stand nowhere else."""

import json
import statistics
import time

import bcrypt
import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher, check_password, make_password
from django.utils import timezone

from accounts.constants import ClientKind
from accounts.models import User
from accounts.services import Device, session_start
from core.redis import key, sync_redis
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth"
NATIVE = {"HTTP_X_CLIENT": "native"}
WRONG = "not the right one"


class EightRounds(BCryptSHA256PasswordHasher):
    """Slow enough to be seen in the time of an answer, quick enough to be asked a hundred times."""

    rounds = 8


def register(api, password, name="maya"):
    body = {"username": name, "email": f"{name}@example.org", "password": password}
    return api().post(f"{AUTH}/register", body, **NATIVE)


def log_in(api, login, password=WRONG, address="192.0.2.50"):
    body = {"login": login, "password": password}
    return api().post(f"{AUTH}/login", body, HTTP_X_FORWARDED_FOR=address, **NATIVE)


# AUTH-01


@pytest.mark.parametrize(
    "password",
    [
        "héron 7€",
        " o o o 4 ",
        "鷺が四羽飛んでいく",
        "🪶🪶🦢🦢🌊🌊🌙🌙",
        "\t<grey> 'herons'; --",
        "ab c" * 32,
    ],
)
def test_any_characters_from_8_to_128_are_a_password(api, password):
    assert 8 <= len(password) <= 128
    assert register(api, password).status_code == 201
    assert log_in(api, "maya", password).status_code == 200


@pytest.mark.parametrize("route", ["register", "login", "password/reset"])
@pytest.mark.parametrize(("length", "statuses"), [(129, {400}), (1_000_000, {400, 413})])
def test_a_password_of_a_megabyte_is_refused_before_it_is_hashed(
    api, settings, route, length, statuses
):
    settings.PASSWORD_HASHERS = ["core.passwords.SteadyBCryptSHA256PasswordHasher"]
    body = {
        "register": {"username": "maya", "email": "maya@example.org"},
        "login": {"login": "maya"},
        "password/reset": {"token": "1.x"},
    }[route]
    began = time.thread_time()
    answer = api().post(f"{AUTH}/{route}", {**body, "password": "x" * length}, **NATIVE)
    assert time.thread_time() - began < 1
    assert answer.status_code in statuses
    assert not User.objects.exists()


# AUTH-03


def test_a_nul_in_a_password_is_refused_and_never_cuts_it(api, make_user):
    make_user("maya")
    answer = log_in(api, "maya", f"{PASSWORD}\0more")
    assert answer.status_code == 400
    assert register(api, "a quiet\0harbour", "noor").status_code == 400


# AUTH-04


def test_a_hash_of_fewer_rounds_is_made_anew_at_the_next_log_in(api, make_user, settings):
    person = make_user("maya")
    assert person.password.startswith("bcrypt_sha256$$2b$04$")
    settings.PASSWORD_HASHERS = [f"{__name__}.EightRounds"]
    assert log_in(api, "maya", WRONG).status_code == 401
    assert User.objects.get().password == person.password
    assert log_in(api, "maya", PASSWORD).status_code == 200
    upgraded = User.objects.get().password
    assert upgraded.startswith("bcrypt_sha256$$2b$08$")
    assert check_password(PASSWORD, upgraded)


def test_a_hash_of_production_takes_at_least_a_twentieth_of_a_second_of_any_processor():
    began = time.thread_time()
    bcrypt.hashpw(b"a quiet harbour", bcrypt.gensalt(12))
    assert time.thread_time() - began > 0.05


# AUTH-05


def test_unknown_wrong_and_inactive_cost_the_same_time(api, make_user, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.EightRounds"]
    make_user("maya", password=make_password(PASSWORD))
    make_user("gone", state="deactivated", password=make_password(PASSWORD))
    make_user("shut", state="suspended", password=make_password(PASSWORD))
    logins = ("nobody", "nobody@example.org", "maya", "gone", "shut")
    times = {login: [] for login in logins}
    for _ in range(25):
        for login in logins:
            began = time.perf_counter()
            answer = log_in(api, login)
            times[login].append(time.perf_counter() - began)
            assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    medians = {login: statistics.median(some) for login, some in times.items()}
    usual = statistics.median(medians.values())
    assert {login: 0.8 <= some / usual <= 1.25 for login, some in medians.items()} == dict.fromkeys(
        logins, True
    ), medians


# AUTH-06


def test_registering_with_a_taken_address_answers_in_the_same_words(api, make_user):
    make_user("owner", email="owner@example.org", email_verified_at=timezone.now())
    bodies = []
    for name, email in (("first", "owner@example.org"), ("second", "free@example.org")):
        body = {"username": name, "email": email, "password": PASSWORD}
        answer = api().post(f"{AUTH}/register", body, **NATIVE)
        found = answer.json()
        assert found["user"].pop("email") == email
        same = {k: v for k, v in found["user"].items() if k not in ("id", "username", "created_at")}
        bodies.append((answer.status_code, sorted(found), same))
    assert bodies[0] == bodies[1]


# AUTH-07


@pytest.fixture
def limits_on(settings):
    settings.RATE_LIMIT_SCALE = 1
    settings.TRUSTED_PROXIES = 1


def statuses(answers):
    return [answer.status_code for answer in answers]


def test_ten_tries_of_one_account_from_one_client_and_its_owner_gets_in_from_another(
    limits_on, api, make_user
):
    make_user("maya")
    tried = [log_in(api, "maya", address="203.0.113.9") for _ in range(11)]
    assert statuses(tried) == [401] * 10 + [429]
    assert tried[-1].json()["code"] == "rate_limited"
    assert 1 <= int(tried[-1]["Retry-After"]) <= 901
    assert log_in(api, "maya", PASSWORD, "203.0.113.9").status_code == 429
    assert log_in(api, "maya", PASSWORD, "198.51.100.4").status_code == 200


def test_thirty_tries_from_one_client_whatever_the_account(limits_on, api):
    tried = [log_in(api, f"person{n}") for n in range(32)]
    assert statuses(tried) == [401] * 30 + [429] * 2


def test_a_network_of_ipv6_is_one_client(limits_on, api, make_user):
    make_user("maya")
    tried = [log_in(api, "maya", address=f"2001:db8:0:1::{n:x}") for n in range(1, 12)]
    assert statuses(tried) == [401] * 10 + [429]
    assert log_in(api, "maya", PASSWORD, "2001:db8:0:2::1").status_code == 200


@pytest.mark.parametrize("home", ["198.51.100.4", "2001:db8:0:2::1"])
def test_many_clients_that_try_one_account_stop_each_other_and_not_its_owner(
    limits_on, api, make_user, home
):
    maya = make_user("maya")
    session_start(user=maya, device=Device(ClientKind.BROWSER, "pytest", home))
    tried = [
        log_in(api, name, address=f"203.0.113.{n // 10}")
        for name in ("maya", "nobody")
        for n in range(100)
    ]
    assert statuses(tried) == [401] * 200
    for name in ("maya", "nobody"):
        stopped = log_in(api, name, PASSWORD, "203.0.113.200")
        assert (stopped.status_code, stopped.json()["code"]) == (429, "rate_limited")
    assert log_in(api, "maya", PASSWORD, home).status_code == 200


def test_a_lock_ends_with_its_window_by_itself(limits_on, api, make_user):
    make_user("maya")
    for _ in range(10):
        log_in(api, "maya")
    assert log_in(api, "maya", PASSWORD).status_code == 429
    counters = list(sync_redis().scan_iter(key("rl", "login_*")))
    assert len(counters) == 3
    assert all(0 < sync_redis().ttl(name) <= 900 for name in counters)
    sync_redis().delete(*counters)
    assert log_in(api, "maya", PASSWORD).status_code == 200
    assert User.objects.get().state == "active"


def test_another_process_counts_on_where_the_first_stopped(limits_on, api):
    for _ in range(10):
        log_in(api, "maya")
    sync_redis.cache_clear()  # a process of its own has its own connection, and nothing else
    assert log_in(api, "maya").status_code == 429


# AUTH-12


@pytest.mark.parametrize(
    "email",
    ["a b@example.org", "a@example.org\r\nBcc: b@example.org", "a@b@example.org", "<a@example.org>",
     "a@example.org,b@example.org", "Maya <a@example.org>", "a\u202e@example.org", "@example.org",
     "a@", "a@exa mple.org", "a@example.org\0", "a@example.org;b", "x" * 250 + "@example.org"],
)  # fmt: skip
@pytest.mark.parametrize("route", ["register", "password/forgot"])
def test_an_address_of_odd_form_is_refused(api, route, email):
    more = {"username": "maya", "password": PASSWORD} if route == "register" else {}
    body = json.dumps({"email": email, **more})
    answer = api().post(f"{AUTH}/{route}", body, content_type="application/json", **NATIVE)
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"email"}
