"""Every error is problem+json with a stable code, whoever refuses and however early."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from core.api import ApiView
from core.api.problems import problem_handler
from core.errors import FieldError, RuleError

pytestmark = pytest.mark.django_db


def test_a_problem_has_all_members_and_names_its_request(api):
    answer = api().get("/api/v1/me")
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert body == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Sign in to do this.",
        "code": "not_authenticated",
        "instance": f"urn:jyoti:request:{answer['X-Request-Id']}",
        "errors": [],
    }
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nothing", 404, "no_such_route"),
        ("get", "/api/v1/me/", 404, "no_such_route"),
        ("get", "/api/v1/users/0", 404, "no_such_route"),
        ("get", "/api/v1/users/abc", 404, "no_such_route"),
        ("get", "/api/v1/users/9223372036854775808", 404, "no_such_route"),
        ("get", "/api/v1/users/-1", 404, "no_such_route"),
        ("get", "/api/v1/users/9223372036854775807", 404, "not_found"),
        ("delete", "/api/v1/me", 405, "method_not_allowed"),
        ("options", "/api/v1/me", 405, "method_not_allowed"),
        ("patch", "/api/v1/auth/login", 405, "method_not_allowed"),
    ],
)
def test_refusals_before_the_view(api, method, path, status, code):
    answer = getattr(api(), method)(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"[]", 400, "not_an_object"),
        (b'"x"', 400, "not_an_object"),
        (b"NaN", 400, "malformed_json"),
        (b'{"bio": NaN}', 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b'{"bio": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "malformed_json"),
        (b'{"bio": "' + b"x" * 1_000_001 + b'"}', 413, "too_large"),
        (b'{"bio": "a\\u0000b"}', 400, "invalid"),
        (b'{"bio": "\\ud800"}', 400, "malformed_json"),
        (b'{"bio": 1e999}', 400, "malformed_json"),
        (b'{"is_private": {"$gt": ""}}', 400, "invalid"),
    ],
)
def test_bodies_that_make_no_sense(api, user, body, status, code):
    answer = api(user).patch("/api/v1/me", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "x"]
)
def test_a_content_type_that_no_route_takes_is_415(api, user, content_type):
    answer = api(user).patch("/api/v1/me", b"a", content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_an_unknown_host_is_400_and_health_does_not_ask():
    client = Client(headers={"host": "evil.example"})
    assert json.loads(client.get("/api/v1/instance").content)["code"] == "bad_request"
    assert client.get("/healthz").status_code == 200


def test_nothing_of_an_unhandled_error_leaves_the_server(caplog):
    try:
        raise KeyError("SELECT secret FROM /etc/passwd")
    except KeyError as error:
        answer = problem_handler(error, {})
    assert answer.status_code == 500
    assert answer.data["code"] == "internal"
    assert "secret" not in str(answer.data)
    assert "unhandled error" in caplog.text


def test_a_database_that_is_away_is_503_with_retry_after():
    answer = problem_handler(OperationalError("connection refused"), {})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_the_place_of_a_bad_file_is_told():
    error = RuleError("No.", code="media_unknown", errors=[FieldError("media_ids", "x", "No.", 2)])
    assert problem_handler(error, {}).data["errors"] == [
        {"field": "media_ids", "code": "x", "message": "No.", "file": 2}
    ]


def test_answers_are_kept_by_nobody_in_between(api, user):
    answer = api(user).get("/api/v1/me")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Vary"] == "Authorization, Cookie"


def test_the_api_runs_through_four_middleware_and_the_admin_through_all(settings):
    own = [name for name in settings.MIDDLEWARE if not name.startswith("config.middleware.")]
    assert own == [
        "core.http.request_id_middleware",
        "core.health.health_middleware",
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
    ]


def test_the_admin_has_sessions_and_csrf_and_the_api_has_not(client):
    page = client.get("/admin/login/")
    assert page.status_code == 200
    assert "csrftoken" in page.cookies
    assert page["X-Frame-Options"] == "DENY"
    answer = client.get("/api/v1/instance")
    assert not answer.cookies
    assert "X-Frame-Options" not in answer


def test_head_answers_like_get_without_a_body(api, user):
    answer = api(user).head("/api/v1/me")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_view_without_access_cannot_serve():
    with pytest.raises(AttributeError):
        ApiView().access_for("GET")
