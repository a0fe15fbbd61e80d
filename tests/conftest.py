"""Fixtures for all tests: people made by the services, clients with real tokens, jobs run by hand."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app as jobs
from procrastinate.jobs import Job
from rest_framework.test import APIClient

from accounts.constants import ClientKind
from accounts.models import User
from accounts.services import Device, session_start, user_register
from core import limits as core_limits
from core import redis as core_redis
from core.redis import key, sync_redis
from core.viewer import ALL_SCOPES, Viewer

DAY = 24 * core_limits.HOUR
PASSWORD = "a quiet harbour 7"
_numbers = itertools.count(1)

MakeUser = Callable[..., User]


@pytest.fixture(autouse=True)
def _clean_redis() -> Iterator[None]:
    """Nothing of one test is left for the next."""
    yield
    _forget_redis()
    client = sync_redis()
    keys = list(client.scan_iter(key("*"), count=1000))
    if keys:
        client.delete(*keys)


@pytest.fixture(autouse=True)
def _fresh_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limiter's clock runs from a second past midnight, so that no test crosses a window's edge."""
    ahead = DAY - time.time() % DAY + 1
    clock = SimpleNamespace(time=lambda: time.time() + ahead)
    monkeypatch.setattr(core_limits, "time", clock)


@pytest.fixture(autouse=True)
def _clean_jobs(request: pytest.FixtureRequest, django_db_blocker) -> Iterator[None]:
    """The job table is not Django's own, so that its flush after such a test leaves it alone."""
    yield
    marker = request.node.get_closest_marker("django_db")
    is_committing = marker is not None and marker.kwargs.get("transaction")
    if is_committing or "transactional_db" in request.fixturenames:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


@pytest.fixture
def no_redis(settings) -> Iterator[None]:
    """Redis refuses every connection while the test runs."""
    settings.REDIS_URLS = ["redis://127.0.0.1:1/0"]
    _forget_redis()
    yield
    _forget_redis()


def _forget_redis() -> None:
    sync_redis.cache_clear()
    core_redis._breaker.closed_until = 0
    # What the process counted by itself meanwhile.
    core_limits._local.counts.clear()


@pytest.fixture
def make_user(db) -> MakeUser:
    """`make_user(username=None, **columns)`: a person as registration makes one, address verified."""

    def make(username: str | None = None, **columns: object) -> User:
        number = next(_numbers)
        name = username or f"person{number}"
        user = user_register(username=name, email=f"{name}.{number}@example.org", password=PASSWORD)
        User.objects.filter(pk=user.pk).update(**{"email_verified_at": timezone.now(), **columns})
        user.refresh_from_db()
        return user

    return make


@pytest.fixture
def user(make_user: MakeUser) -> User:
    """One person."""
    return make_user()


@pytest.fixture
def other_user(make_user: MakeUser) -> User:
    """Another person."""
    return make_user()


@pytest.fixture
def device() -> Device:
    """Where a browser signs in from."""
    return Device(client=ClientKind.BROWSER, user_agent="pytest", address="192.0.2.7")


@pytest.fixture
def api(device: Device) -> Callable[..., APIClient]:
    """`api(user)`: a client signed in by a real session; `api()`: nobody."""

    def client(person: User | None = None) -> APIClient:
        made = APIClient()
        made.default_format = "json"
        if person is not None:
            signed_in = session_start(user=person, device=device)
            made.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.access}")
        return made

    return client


@pytest.fixture
def run_jobs(db) -> Callable[..., int]:
    """Run all jobs that are due, and those that they cause, on the test's own connection.

    `run_jobs(minutes=5)` also runs what will be due by then.
    """

    def run(*, minutes: int = 0) -> int:
        done = 0
        while job := _next_job(minutes):
            job_id, name, args = job
            task = jobs.tasks[name]
            context = [_context_of(job_id, name)] if task.pass_context else []
            task.func(*context, **args)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job_id])
            done += 1
        return done

    return run


def _next_job(minutes: int) -> tuple[int, str, dict] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' "
            "AND (scheduled_at IS NULL OR scheduled_at <= now() + make_interval(mins => %s)) "
            "ORDER BY id LIMIT 1",
            [minutes],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0], row[1], row[2] if isinstance(row[2], dict) else json.loads(row[2])


def _context_of(job_id: int, task: str) -> JobContext:
    job = Job(id=job_id, queue="", lock=None, queueing_lock=None, task_name=task)
    return JobContext(app=jobs, job=job, start_timestamp=0.0, abort_reason=lambda: None)


def viewer_of(person: User) -> Viewer:
    """The Viewer that a session of this person gives."""
    return Viewer(id=person.pk, scopes=ALL_SCOPES, role=person.role, is_verified=person.is_verified)


@pytest.fixture(name="viewer_of")
def viewer_of_fixture() -> Callable[[User], Viewer]:
    """`viewer_of(person)`, for tests that call selectors."""
    return viewer_of
