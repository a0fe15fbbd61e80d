"""Every Limit of the code is fired by a request; a new one without a line here fails."""

import ast
import io
import itertools

import pytest
from PIL import Image

from core import redis as core_redis
from core.redis import key, sync_redis
from tests.conftest import PASSWORD
from tests.house.rules import modules

pytestmark = pytest.mark.django_db
NATIVE = {"HTTP_X_CLIENT": "native"}
HOUR, QUARTER = 3600, 900
_numbers = itertools.count(1)


def somewhere():
    """Another address each time."""
    return {"HTTP_X_FORWARDED_FOR": f"203.0.113.{next(_numbers) % 250}"}


def log_in(client, name, place):
    body = {"login": name, "password": "not the right one"}
    return client.post("/api/v1/auth/login", body, **NATIVE, **place)


def post(path, body=None, **headers):
    return lambda client: client.post(f"/api/v1/{path}", body or {}, **headers)


def put(path, body=None):
    return lambda client: client.put(f"/api/v1/{path}", body or {})


def upload(path, method):
    def call(client):
        data = io.BytesIO()
        Image.new("RGB", (8, 8)).save(data, "PNG")
        data.seek(0)
        data.name = "a.png"
        return getattr(client, method)(f"/api/v1/{path}", {"file": data}, format="multipart")

    return call


# Scope of the limit: count, window in seconds, and one call that it counts. What a call answers
# below the limit is of no interest here: 429 comes before the body and the object are looked at.
FIRED = {
    "login_account": (10, QUARTER, lambda c: log_in(c, "maya", {})),
    "login_address": (30, QUARTER, lambda c: log_in(c, f"person{next(_numbers)}", {})),
    "login_strangers": (100, QUARTER, lambda c: log_in(c, "maya", somewhere())),
    "register": (5, HOUR, post("auth/register")),
    "refresh": (600, HOUR, post("auth/refresh", {"refresh": "a.1.b"}, **NATIVE)),
    "mfa_account": (10, QUARTER, post("auth/mfa/totp/confirm", {"code": "000000"})),
    "proof": (20, HOUR, post("auth/email/verify", {"code": "000000"})),
    "password_check": (10, QUARTER, post("auth/mfa/totp", {"password": "not it"})),
    "forgot": (10, HOUR, post("auth/password/forgot", {"email": "nobody@example.org"})),
    "ticket": (30, 600, post("auth/ws-ticket")),
    "username_available": (
        120, HOUR, lambda c: c.get("/api/v1/auth/username-available", {"q": "abc"}),
    ),
    "username": (
        3, 24 * HOUR,
        lambda c: c.put("/api/v1/me/username", {"username": f"other{next(_numbers)}"}),
    ),
    "avatar": (30, HOUR, upload("me/avatar", "put")),
    "follow": (120, HOUR, put("users/999999/follow")),
    "relation": (240, HOUR, put("users/999999/mute", {"scopes": ["posts"]})),
    "report": (20, HOUR, post("reports")),
    "appeal": (10, HOUR, post("appeals")),
    "contact": (5, HOUR, post("contact")),
    "media_upload": (1200, HOUR, upload("media", "post")),
    "media_direct": (1200, HOUR, post("media/uploads")),
    "media_complete": (1200, HOUR, post("media/uploads/999999/complete")),
    "post": (60, HOUR, post("posts")),
    "post_edit": (1200, HOUR, lambda c: c.patch("/api/v1/posts/999999", {})),
    "search": (600, HOUR, lambda c: c.get("/api/v1/mentions/suggest", {"q": "ab"})),
    "place": (30, HOUR, post("places")),
    "collection": (60, HOUR, post("collections")),
    "tag_follow": (300, HOUR, put("tags/sea/follow")),
    "like": (600, HOUR, put("posts/999999/like")),
    "comment": (120, HOUR, post("posts/999999/comments", {"body": "Lovely"})),
    "conversations": (120, HOUR, post("conversations")),
    "messages": (3600, HOUR, post("conversations/999999/messages")),
}  # fmt: skip
# Counted by the job that mails, in tests/core/test_mail.py.
WITHOUT_A_REQUEST = {"mail"}


def scopes_in_the_code():
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text())):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and node.func.id == "Limit":
                yield ast.literal_eval(node.args[0])


@pytest.fixture
def limits_on(settings):
    settings.RATE_LIMIT_SCALE = 1
    settings.TRUSTED_PROXIES = 1


@pytest.fixture
def client(api, make_user):
    return api(make_user("maya"))


def test_every_limit_of_the_code_is_fired_here():
    scopes = list(scopes_in_the_code())
    assert len(scopes) == len(set(scopes))
    assert set(scopes) == set(FIRED) | WITHOUT_A_REQUEST


@pytest.mark.parametrize("scope", FIRED)
def test_it_fires_after_its_count_and_says_when_to_come_back(limits_on, client, scope):
    count, window_s, call = FIRED[scope]
    assert call(client).status_code != 429
    (counter,) = sync_redis().scan_iter(key("rl", scope, "*"))
    assert 0 < sync_redis().ttl(counter) <= window_s
    # As if so many more had come, but for the last one.
    sync_redis().incrby(counter, count - 2)
    assert call(client).status_code != 429
    refused = call(client)
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused["Retry-After"]) <= window_s + 1


@pytest.mark.parametrize("scope", ["register", "login_account", "login_address", "forgot"])
def test_without_redis_the_process_counts_by_itself(limits_on, no_redis, client, scope):
    count, _, call = FIRED[scope]
    answers = [call(client).status_code for _ in range(count + 1)]
    assert 429 not in answers[:count]
    assert answers[count] == 429


def test_without_redis_reading_and_log_in_go_on(limits_on, no_redis, api, make_user, other_user):
    body = {"login": make_user("noor").username, "password": PASSWORD}
    signed_in = api().post("/api/v1/auth/login", body, **NATIVE)
    assert signed_in.status_code == 200
    reader = api()
    reader.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access']}")
    paths = ("me", "feed/home", "conversations", "notifications", f"users/{other_user.pk}")
    assert [reader.get(f"/api/v1/{path}").status_code for path in paths] == [200] * 5
    refreshed = api().post(
        "/api/v1/auth/refresh", {"refresh": signed_in.json()["refresh"]}, **NATIVE
    )
    assert refreshed.status_code == 200
    assert core_redis._breaker.closed_until > 0


def test_forged_headers_change_no_limit_behind_a_proxy(limits_on, api):
    """Our proxy appends what it saw; what stands before came from the client."""
    tried = [
        log_in(api(), f"n{n}", {"HTTP_X_FORWARDED_FOR": f"10.0.0.{n}, 198.51.100.4",
                                "HTTP_X_REAL_IP": f"10.1.0.{n}", "HTTP_CLIENT_IP": f"10.2.0.{n}",
                                "HTTP_FORWARDED": f"for=10.3.0.{n}"}).status_code
        for n in range(32)
    ]  # fmt: skip
    assert tried == [401] * 30 + [429] * 2
