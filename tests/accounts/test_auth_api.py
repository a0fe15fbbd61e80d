"""Sign up, sign in, rotation, and sign out, as a browser and as a native client see them."""

import pytest

pytestmark = pytest.mark.django_db
ORIGIN = {"HTTP_ORIGIN": "http://127.0.0.1:8081"}


def register(client, **changes):
    body = {"username": "maya", "email": "maya@example.org", "password": "a quiet harbour 7"}
    return client.post("/api/v1/auth/register", {**body, **changes}, **ORIGIN)


def test_registering_signs_in_and_keeps_the_refresh_token_in_a_strict_cookie(api):
    answer = register(api())
    assert answer.status_code == 201, answer.content
    assert answer.json()["user"]["username"] == "maya"
    assert "refresh" not in answer.json()
    cookie = answer.cookies["refresh_token_8081"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/api/v1/auth"
    assert 30 * 86400 - 5 < cookie["max-age"] <= 30 * 86400


def test_me_answers_with_the_token_that_registering_gave(api):
    client = api()
    access = register(client).json()["access"]
    answer = client.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {access}")
    assert answer.status_code == 200
    assert answer.json()["email"] == "maya@example.org"
