"""Sessions, the second factor, and personal tokens, as their owner and as others meet them."""

import time

import pyotp
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.constants import ClientKind, Role
from accounts.models import RecoveryCode, Session, TotpDevice, User
from accounts.services import Device, session_start, sessions_end_all
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth"
NATIVE = {"HTTP_X_CLIENT": "native"}


@pytest.fixture(autouse=True)
def _roomy_limits(settings):
    settings.RATE_LIMIT_SCALE = 100


def log_in(api, person, password=PASSWORD):
    return api().post(f"{AUTH}/login", {"login": person.username, "password": password}, **NATIVE)


def second_step(api, token, code):
    return api().post(f"{AUTH}/login/mfa", {"mfa_token": token, "code": code}, **NATIVE)


@pytest.fixture
def guarded(api, user):
    """A person with a second factor: `user.totp_now(offset)` and `user.codes`."""
    begun = api(user).post(f"{AUTH}/mfa/totp", {"password": PASSWORD}).json()
    totp = pyotp.TOTP(begun["secret"])
    user.totp_now = lambda offset=0: totp.generate_otp(int(time.time()) // 30 + offset)
    confirmed = api(user).post(f"{AUTH}/mfa/totp/confirm", {"code": user.totp_now(-1)})
    user.codes = confirmed.json()["recovery_codes"]
    user.begun = begun
    return user


def test_a_second_factor_begins_with_a_secret_a_link_and_a_picture(guarded):
    assert guarded.begun["uri"].startswith("otpauth://totp/Jyoti:")
    assert guarded.begun["secret"] in guarded.begun["uri"]
    assert guarded.begun["qr_svg"].startswith("<svg")
    assert guarded.begun["secret"] not in TotpDevice.objects.get().secret
    assert len(set(guarded.codes)) == 10


def test_it_counts_only_after_a_first_right_code(api, user):
    api(user).post(f"{AUTH}/mfa/totp", {"password": PASSWORD})
    wrong = api(user).post(f"{AUTH}/mfa/totp/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_code")
    assert "access" in log_in(api, user).json()


def test_the_password_alone_opens_nothing_any_more(api, guarded):
    answer = log_in(api, guarded)
    assert answer.status_code == 200
    assert set(answer.json()) == {"mfa_required", "mfa_token"}
    assert not answer.cookies
    assert answer.json()["mfa_required"] is True
    bearer = APIClient()
    bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['mfa_token']}")
    assert bearer.get("/api/v1/me").status_code == 401


def test_a_code_opens_once(api, guarded):
    token = log_in(api, guarded).json()["mfa_token"]
    code = guarded.totp_now()
    assert second_step(api, token, code).json()["user"]["username"] == guarded.username
    again = second_step(api, token, code)
    assert (again.status_code, again.json()["code"]) == (401, "wrong_code")


@pytest.mark.parametrize(("offset", "status"), [(-2, 401), (0, 200), (1, 200), (2, 401)])
def test_a_clock_may_be_half_a_minute_off(api, guarded, offset, status):
    token = log_in(api, guarded).json()["mfa_token"]
    assert second_step(api, token, guarded.totp_now(offset)).status_code == status


def test_a_recovery_code_opens_once_however_it_is_typed(api, guarded):
    token = log_in(api, guarded).json()["mfa_token"]
    typed = guarded.codes[0].upper().replace("-", " ")
    assert second_step(api, token, typed).status_code == 200
    assert second_step(api, token, guarded.codes[0]).status_code == 401
    state = api(guarded).get(f"{AUTH}/mfa").json()
    assert state == {"totp": True, "recovery_codes_left": 9}
    kept = " ".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert guarded.codes[1] not in kept


def test_new_recovery_codes_void_the_old_ones(api, guarded):
    new = api(guarded).post(f"{AUTH}/mfa/recovery-codes", {"password": PASSWORD}).json()
    token = log_in(api, guarded).json()["mfa_token"]
    assert second_step(api, token, guarded.codes[0]).status_code == 401
    assert second_step(api, token, new["recovery_codes"][0]).status_code == 200


@pytest.mark.parametrize("token", ["", "1", "1.9999999999.x", "x.y.z", "9" * 25 + ".1.x", "²..x"])
def test_a_made_up_token_opens_nothing(api, guarded, token):
    assert second_step(api, token or "-", guarded.totp_now()).json()["code"] == "mfa_expired"


def test_a_changed_password_voids_the_first_step(api, guarded):
    token = log_in(api, guarded).json()["mfa_token"]
    guarded.set_password("another grey heron 5")
    guarded.save()
    assert second_step(api, token, guarded.totp_now()).json()["code"] == "mfa_expired"


def test_codes_cannot_be_tried_out(api, guarded, settings):
    settings.RATE_LIMIT_SCALE = 1
    token = log_in(api, guarded).json()["mfa_token"]
    answers = [second_step(api, token, "000000").status_code for _ in range(11)]
    assert answers.count(401) == 9  # The confirmation counted, too.
    assert answers[-1] == 429


def test_switching_it_off_needs_the_password_and_is_told(
    api, guarded, run_jobs, settings, tmp_path
):
    wrong = api(guarded).delete(f"{AUTH}/mfa/totp", {"password": "not it at all"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    run_jobs()
    settings.MAIL_ARCHIVE = tmp_path
    assert api(guarded).delete(f"{AUTH}/mfa/totp", {"password": PASSWORD}).status_code == 204
    assert api(guarded).delete(f"{AUTH}/mfa/totp", {"password": PASSWORD}).status_code == 204
    run_jobs()
    assert len([p for p in tmp_path.iterdir() if b"Two-step log-in is off" in p.read_bytes()]) == 1
    assert "access" in log_in(api, guarded).json()


def test_a_second_second_factor_is_refused(api, guarded):
    answer = api(guarded).post(f"{AUTH}/mfa/totp", {"password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (422, "mfa_on")


def start(person, agent="Firefox", address="192.0.2.7"):
    return session_start(user=person, device=Device(ClientKind.BROWSER, agent, address))


def test_a_person_sees_and_ends_their_own_sessions_only(api, user, other_user):
    here, there = api(user), start(user, "A phone")
    foreign = start(other_user)
    found = here.get(f"{AUTH}/sessions").json()
    assert [(s["user_agent"], s["current"]) for s in found][:1] == [("A phone", False)]
    assert [s["current"] for s in found].count(True) == 1
    assert here.delete(f"{AUTH}/sessions/{foreign.session.pk}").status_code == 204
    assert Session.objects.get(pk=foreign.session.pk).revoked_at is None
    assert here.delete(f"{AUTH}/sessions/{there.session.pk}").status_code == 204
    assert len(here.get(f"{AUTH}/sessions").json()) == len(found) - 1


@pytest.mark.parametrize(
    ("agent", "address", "mails"),
    [
        ("Firefox", "192.0.2.7", 0),
        ("Chrome", "192.0.2.7", 0),
        ("Firefox", "192.0.99.1", 0),
        ("Firefox", "198.51.100.1", 1),
        ("Chrome", "192.0.99.1", 1),
    ],
)
def test_a_log_in_from_a_new_place_is_mailed(
    user, run_jobs, settings, tmp_path, agent, address, mails
):
    Session.objects.all().delete()
    start(user)
    run_jobs()
    settings.MAIL_ARCHIVE = tmp_path / "mail"
    settings.MAIL_ARCHIVE.mkdir()
    start(user, agent, address)
    run_jobs()
    sent = [path.read_text() for path in settings.MAIL_ARCHIVE.iterdir()]
    assert len(sent) == mails
    assert all("A new log-in" in text and address in text for text in sent)


def make_token(api, person, **changes):
    body = {"name": "A script", "scopes": ["read"], "days": 30, "password": PASSWORD, **changes}
    return api(person).post(f"{AUTH}/tokens", body)


def bearer(text):
    client = APIClient()
    client.default_format = "json"
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def test_a_token_reads_and_does_no_more_than_its_scopes(api, user):
    made = make_token(api, user)
    assert made.status_code == 201
    script = bearer(made.json()["token"])
    assert script.get("/api/v1/me").json()["username"] == user.username
    refused = script.patch("/api/v1/me", {"bio": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert script.get("/api/v1/conversations").status_code == 403
    writer = bearer(make_token(api, user, scopes=["write"]).json()["token"])
    assert writer.patch("/api/v1/me", {"bio": "x"}).status_code == 200
    assert writer.get("/api/v1/me").status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "sessions"), ("delete", "sessions/1"), ("get", "tokens"), ("post", "tokens"),
     ("delete", "tokens/1"), ("post", "mfa/totp"), ("delete", "mfa/totp"), ("get", "mfa"),
     ("post", "mfa/recovery-codes"), ("post", "password/change"), ("post", "email/change"),
     ("post", "logout-all")],
)  # fmt: skip
def test_no_token_touches_what_guards_the_account(api, user, method, path):
    text = make_token(api, user, scopes=["read", "write", "messages"]).json()["token"]
    answer = getattr(bearer(text), method)(f"{AUTH}/{path}", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


def test_a_token_is_listed_without_its_text_and_ends_at_once(
    api, user, other_user, django_capture_on_commit_callbacks
):
    made = make_token(api, user).json()
    (listed,) = api(user).get(f"{AUTH}/tokens").json()
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert api(other_user).delete(f"{AUTH}/tokens/{made['id']}").status_code == 404
    script = bearer(made["token"])
    assert script.get("/api/v1/me").status_code == 200
    assert api(user).get(f"{AUTH}/tokens").json()[0]["last_used_at"] is not None
    with django_capture_on_commit_callbacks(execute=True):
        assert api(user).delete(f"{AUTH}/tokens/{made['id']}").status_code == 204
    assert script.get("/api/v1/me").status_code == 401
    assert api(user).delete(f"{AUTH}/tokens/{made['id']}").status_code == 404


def test_tokens_end_with_everything_else(api, user):
    script = bearer(make_token(api, user).json()["token"])
    sessions_end_all(user_id=user.pk)
    assert script.get("/api/v1/me").status_code == 401


def test_only_admins_give_the_scope_admin(api, user):
    answer = make_token(api, user, scopes=["admin"])
    assert (answer.status_code, answer.json()["code"]) == (403, "not_admin")
    User.objects.filter(pk=user.pk).update(role=Role.ADMIN)
    user.refresh_from_db()
    assert make_token(api, user, scopes=["admin"]).status_code == 201


def test_a_token_is_no_refresh_token_and_has_none(api, user):
    made = make_token(api, user).json()
    assert "refresh" not in made
    answer = api().post(f"{AUTH}/refresh", {"refresh": made["token"][:200]}, **NATIVE)
    assert answer.status_code == 401


def test_checking_a_token_takes_no_query_for_five_seconds(api, user):
    script = bearer(make_token(api, user).json()["token"])
    script.get("/api/v1/me")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        script.get("/api/v1/me")
    assert not [q["sql"] for q in queries if "accounts_session" in q["sql"]]
