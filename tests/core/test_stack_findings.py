"""What is known to break in exactly this stack, where no other test holds it already."""

import re
import socket
import threading
import time
from datetime import timedelta
from importlib.metadata import version

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from accounts.handlers import purge_ended_sessions
from accounts.models import Session
from accounts.services import session_end, session_start
from core import redis as core_redis
from core.limits import Limit, take
from core.redis import sync_redis
from tests.house.rules import modules


@pytest.mark.django_db
def test_sessions_that_ended_do_not_stay_for_ever(user, device):
    live, revoked, expired = (session_start(user=user, device=device).session for _ in range(3))
    session_end(user_id=user.pk, session_id=revoked.pk)
    long_ago = timezone.now() - timedelta(days=2)
    Session.objects.filter(pk=revoked.pk).update(revoked_at=long_ago)
    Session.objects.filter(pk=expired.pk).update(expires_at=long_ago)
    for _ in range(2):
        purge_ended_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [live.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "users/lookup?username=a%00b",
        "users/lookup?username=%ED%A0%80",
        "auth/username-available?q=%00",
        "users/{id}/followers?q=%00",
        "feed/home?cursor=%00",
        "feed/home/newer?since=%00",
        "users/{id}/posts?cursor=cD0yMDI2LTAxLTAx",
        "notifications?type=%00",
        "conversations?q=%00",
        "posts/by-code/%00",
        "me/saved?order_by=author__password",
        "feed/home?author__password__startswith=a",
        "feed/home?_connector=OR",
    ],
)
def test_text_in_a_query_that_the_database_refuses_is_4xx(api, user, path):
    answer = api(user).get(f"/api/v1/{path.format(id=user.pk)}")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"


def test_no_query_is_built_from_a_clients_names():
    pattern = re.compile(
        r"(filter|exclude|order_by|get|values|annotate)\(\s*\*\*?\s*(self\.)?request"
    )
    assert [str(p) for p in modules() if pattern.search(p.read_text())] == []


@pytest.fixture
def hung_redis(settings):
    """Accepts connections and never answers, as a stopped process does."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def accept():
        while True:
            try:
                held.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    settings.REDIS_URLS = [f"redis://127.0.0.1:{listener.getsockname()[1]}/0"]
    settings.RATE_LIMIT_SCALE = 1.0
    sync_redis.cache_clear()
    yield
    sync_redis().close()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
    for one in held:
        one.close()
    sync_redis.cache_clear()
    core_redis._breaker.closed_until = 0


def test_a_hung_redis_costs_at_most_two_seconds(hung_redis):
    started = time.monotonic()
    assert take(Limit("hung", 3, 60), "a").allowed
    assert time.monotonic() - started < 2.5


@pytest.mark.django_db(transaction=True)
def test_a_request_after_the_database_restarted_is_answered(client, user):
    assert client.get(f"/api/v1/users/{user.pk}").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    killer = connection.copy()
    with killer.cursor() as cursor:
        # The last argument waits until it is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    killer.close()
    close_old_connections()  # what request_started does; the test client leaves it out
    assert client.get(f"/api/v1/users/{user.pk}").status_code == 200


@pytest.mark.parametrize(
    ("package", "floor"),
    [
        ("Django", (5, 2, 17)),
        ("djangorestframework", (3, 18, 2)),
        ("djangorestframework-simplejwt", (5, 4)),
        ("PyJWT", (2, 14)),
        ("Pillow", (13,)),
        ("daphne", (4, 2, 3)),
        ("uvicorn", (0, 52, 1)),
        ("gunicorn", (26, 1)),
    ],
)
def test_no_package_is_older_than_its_known_advisories(package, floor):
    assert tuple(int(part) for part in version(package).split(".")[:3]) >= floor
