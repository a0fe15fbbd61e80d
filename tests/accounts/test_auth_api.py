"""Sign up, sign in, rotation, and sign out, as a browser and as a native client see them."""

import threading
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, User

pytestmark = pytest.mark.django_db
ORIGIN = {"HTTP_ORIGIN": "http://127.0.0.1:8081"}
NATIVE = {"HTTP_X_CLIENT": "native"}
COOKIE = "refresh_token_8081"


def register(client, headers=ORIGIN, **changes):
    body = {"username": "maya", "email": "maya@example.org", "password": "a quiet harbour 7"}
    return client.post("/api/v1/auth/register", {**body, **changes}, **headers)


def refresh(client, token=None, headers=None):
    if token is not None:
        return client.post("/api/v1/auth/refresh", {"refresh": token}, **NATIVE)
    return client.post("/api/v1/auth/refresh", {}, **(headers or ORIGIN))


def me(access):
    return APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {access}")


def test_registering_signs_in_and_keeps_the_refresh_token_in_a_strict_cookie(api):
    answer = register(api())
    assert answer.status_code == 201
    assert answer.json()["user"]["username"] == "maya"
    assert "refresh" not in answer.json()
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/api/v1/auth"
    assert 30 * 86400 - 5 < cookie["max-age"] <= 30 * 86400
    assert me(answer.json()["access"]).json()["email"] == "maya@example.org"


def test_a_native_client_gets_the_refresh_token_in_the_body_and_no_cookie(api):
    answer = register(api(), NATIVE)
    assert answer.status_code == 201
    assert answer.json()["refresh"].count(".") == 2
    assert not answer.cookies


@pytest.mark.parametrize("header", ["HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE"])
def test_a_browser_that_says_it_is_native_is_refused(api, header):
    answer = register(api(), {**NATIVE, header: "http://127.0.0.1:8081"})
    assert (answer.status_code, answer.json()["code"]) == (400, "browser_client")
    assert not User.objects.exists()


def test_a_second_person_cannot_take_the_same_name_in_other_letters(api):
    register(api())
    answer = register(api(), username="MAYA", email="other@example.org")
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")
    assert User.objects.count() == 1


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(
    api, run_jobs, settings, tmp_path
):
    register(api())
    run_jobs()
    settings.MAIL_ARCHIVE = tmp_path
    User.objects.update(email_verified_at=timezone.now())
    first = register(api(), username="mallory", email="MAYA@example.org")
    assert first.status_code == 201
    assert first.json()["user"]["email_verified"] is False
    run_jobs()
    (sent,) = [message_from_bytes(path.read_bytes()) for path in tmp_path.iterdir()]
    assert (sent["To"], sent["Subject"]) == ("maya@example.org", "You already have an account")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"username": "ab"}, "username", "bad_username"),
        ({"username": "maya!"}, "username", "bad_username"),
        ({"username": "admin"}, "username", "username_reserved"),
        ({"username": "ma\u0000ya"}, "username", "null_characters_not_allowed"),
        ({"email": "no address"}, "email", "invalid"),
        ({"password": "short"}, "password", "password_length"),
        ({"password": "password1"}, "password", "password_weak"),
        ({"password": "x" * 129}, "password", "max_length"),
        ({"password": 7}, "password", "password_length"),
        ({"nickname": "m"}, "nickname", "unknown_field"),
        ({"display_name": "m" * 51}, "display_name", "max_length"),
    ],
)
def test_a_field_that_is_not_allowed_is_named(api, changes, field, code):
    answer = register(api(), **changes)
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert not User.objects.exists()


def test_a_password_counts_to_its_last_byte_and_is_never_trimmed(api):
    long = "ä" * 100 + " end "
    register(api(), password=long)
    login = {"login": "maya", "password": long}
    assert api().post("/api/v1/auth/login", login).status_code == 200
    for wrong in (long.strip(), long[:-1], long[:72]):
        answer = api().post("/api/v1/auth/login", {**login, "password": wrong})
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


def test_unknown_name_wrong_password_and_suspended_stranger_get_one_answer(api, make_user):
    make_user("maya")
    make_user("gone", state="deactivated")
    bodies = [
        api().post("/api/v1/auth/login", {"login": login, "password": "not the right one"}).json()
        for login in ("nobody", "maya", "gone", "nobody@example.org")
    ]
    assert {(b["status"], b["code"], b["detail"]) for b in bodies} == {
        (401, "wrong_credentials", "The name or the password is not right.")
    }


def test_only_the_verified_owner_signs_in_by_address(api, make_user):
    person = make_user("maya", email_verified_at=None)
    body = {"login": person.email.upper(), "password": "a quiet harbour 7"}
    assert api().post("/api/v1/auth/login", body).status_code == 401
    User.objects.update(email_verified_at=timezone.now())
    assert api().post("/api/v1/auth/login", body).status_code == 200


def test_a_suspended_person_with_the_right_password_learns_why(api, make_user):
    make_user("maya", state="suspended")
    body = {"login": "maya", "password": "a quiet harbour 7"}
    answer = api().post("/api/v1/auth/login", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "suspended")


def test_refresh_rotates_and_the_browser_never_sees_the_token(api):
    client = api()
    first = register(client).cookies[COOKIE].value
    answer = refresh(client)
    assert answer.status_code == 200
    assert list(answer.json()) == ["access"]
    assert answer.cookies[COOKIE].value != first
    assert me(answer.json()["access"]).status_code == 200


@pytest.mark.parametrize("headers", [{"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": ""}])
@pytest.mark.parametrize("route", ["refresh", "logout"])
def test_the_cookie_is_read_only_for_our_own_origin(api, route, headers):
    client = api()
    register(client)
    answer = client.post(f"/api/v1/auth/{route}", {}, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "bad_origin")
    assert Session.objects.get().counter == 0
    assert Session.objects.get().revoked_at is None


def test_a_form_post_cannot_use_the_cookie(api):
    client = api()
    register(client)
    answer = client.post("/api/v1/auth/refresh", "a=b", content_type="text/plain", **ORIGIN)
    assert answer.status_code == 415


def test_the_predecessor_gets_the_same_successor_within_the_grace(api):
    first = register(api(), NATIVE).json()["refresh"]
    second = refresh(api(), first).json()["refresh"]
    again = refresh(api(), first)
    assert (again.status_code, again.json()["refresh"]) == (200, second)
    assert Session.objects.get().counter == 1


def test_an_old_token_after_the_grace_ends_its_family(api, run_jobs):
    answer = register(api(), NATIVE).json()
    second = refresh(api(), answer["refresh"]).json()["refresh"]
    Session.objects.update(rotated_at=timezone.now() - timedelta(seconds=11))
    reused = refresh(api(), answer["refresh"])
    assert (reused.status_code, reused.json()["code"]) == (401, "session_revoked")
    assert refresh(api(), second).status_code == 401
    assert me(answer["access"]).json()["code"] == "token_expired"


@pytest.mark.django_db(transaction=True)
def test_eight_parallel_refreshes_are_one_rotation_with_one_live_token(api):
    first = register(api(), NATIVE).json()["refresh"]
    answers = []

    def call():
        answers.append(refresh(api(), first))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [200] * 8
    assert len({a.json()["refresh"] for a in answers}) == 1
    assert Session.objects.get().counter == 1


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "é.1.ß", "a" * 200, "f.-1.s", "f.9999999999999999999999.s"]
)
def test_a_refresh_token_that_is_none_is_4xx(api, token):
    answer = api().post("/api/v1/auth/refresh", {"refresh": token}, **NATIVE)
    assert answer.status_code in (400, 401)


def test_a_lone_surrogate_is_no_json(api):
    body = b'{"refresh": "\\ud800"}'
    answer = api().post("/api/v1/auth/refresh", body, content_type="application/json", **NATIVE)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


def test_the_refresh_of_a_deleted_person_is_401(api):
    token = register(api(), NATIVE).json()["refresh"]
    User.objects.all().delete()
    assert refresh(api(), token).status_code == 401


def test_logging_out_kills_refresh_and_access_and_takes_the_cookie(api):
    client = api()
    access = register(client).json()["access"]
    assert me(access).status_code == 200
    answer = client.post("/api/v1/auth/logout", {}, **ORIGIN)
    assert (answer.status_code, answer.cookies[COOKIE].value) == (204, "")
    assert Session.objects.get().revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_revoked_session_is_refused_at_the_next_request(api):
    client = api()
    access = register(client).json()["access"]
    assert me(access).status_code == 200
    client.post("/api/v1/auth/logout", {}, **ORIGIN)
    assert (me(access).status_code, me(access).json()["code"]) == (401, "token_expired")


@pytest.mark.django_db(transaction=True)
def test_logging_out_everywhere_ends_the_other_sessions_too(api):
    first = register(api(), NATIVE).json()
    login = {"login": "maya", "password": "a quiet harbour 7"}
    second = api().post("/api/v1/auth/login", login, **NATIVE).json()
    assert me(first["access"]).status_code == 200
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {second['access']}")
    assert client.post("/api/v1/auth/logout-all", {}, format="json").status_code == 204
    assert [me(t["access"]).status_code for t in (first, second)] == [401, 401]
    assert [refresh(api(), t["refresh"]).status_code for t in (first, second)] == [401, 401]


def test_a_ticket_needs_somebody_signed_in(api, user):
    assert api().post("/api/v1/auth/ws-ticket", {}).status_code == 401
    assert len(api(user).post("/api/v1/auth/ws-ticket", {}).json()["ticket"]) > 30


def test_whether_a_name_is_free(api, user):
    def free(name):
        return api().get("/api/v1/auth/username-available", {"q": name}).json()["available"]

    assert [free("newname"), free(user.username.upper()), free("admin"), free("a b")] == [
        True,
        False,
        False,
        False,
    ]
