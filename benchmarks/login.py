"""What a storm of log-ins costs everybody else, on gunicorn as it is deployed."""

import json
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from django.contrib.auth.hashers import make_password

from accounts.constants import ClientKind, FollowState
from accounts.models import Follow, User
from accounts.services import Device, session_start
from benchmarks.database import copy_rows, use_database
from benchmarks.feed_data import PICTURE
from benchmarks.harness import Result, machine, p50, p95, progress, today
from benchmarks.servers import ask, gunicorn
from posts.constants import Audience, PostState
from posts.models import Post

PEOPLE, POSTS_OF_ONE, FOLLOWEES = 60, 10, 20
# Those who sign in: so many that no limit of an account is reached, however often this runs.
STRANGERS: Final = 2_000
ROWS: Final = f"{PEOPLE} people, {PEOPLE * POSTS_OF_ONE} posts; gunicorn, 2 processes of 6 threads"
VERSION: Final = "login 2"
PASSWORD: Final = "a quiet harbour 7"  # noqa: S105  of people who exist here alone

# Calm and storm take turns, and the ratio is the middle one of all pairs, so that whatever else the
# machine does falls on both.
READERS, STORMERS, PAIRS, BLOCK_S, SETTLE_S = 4, 4, 6, 2.0, 0.5
# What a reader thinks between two pages, in seconds.
PAUSE_S: Final = (0.02, 0.08)
REQUIRED: Final = 1.5

Times = list[float]


def run() -> Iterator[Result]:
    """p95 of the home feed with four log-ins always under way, by that without any."""
    use_database("jyoti_bench_login", version=VERSION, fill=_fill)
    load = machine()
    with gunicorn() as port:
        pairs, logins = _measure(port)
    calm = [time for quiet, _ in pairs for time in quiet]
    storm = [time for _, busy in pairs for time in busy]
    ratio = p50([p95(busy) / p95(quiet) for quiet, busy in pairs])
    yield Result(
        name="login.storm.read_p95_ratio",
        value=round(ratio, 2),
        unit="times",
        samples=len(storm),
        rows=ROWS,
        required=REQUIRED,
        peer=f"no log-ins: {p95(calm):.1f} ms",
        load=load,
        date=today(),
    )
    for name, times in (("calm", calm), ("storm", storm)):
        yield _milliseconds(f"read_{name}_p50", p50(times), len(times), load)
        yield _milliseconds(f"read_{name}_p95", p95(times), len(times), load)
    yield _milliseconds("login_p95", p95(logins), len(logins), load)


def _measure(port: int) -> tuple[list[tuple[Times, Times]], Times]:
    """Reads without and with a storm, pair by pair, and the log-ins of the storms."""
    readers = [_Reader(port, person) for person in User.objects.order_by("pk")[:READERS]]
    progress("warming up")
    _read_together(readers, SETTLE_S * 2)
    pairs, logins = [], Times()
    for number in range(1, PAIRS + 1):
        progress(f"{number} of {PAIRS}: calm, then a storm")
        calm = _read_together(readers, BLOCK_S)
        with _storm(port, logins):
            time.sleep(SETTLE_S)
            pairs.append((calm, _read_together(readers, BLOCK_S)))
    return pairs, logins


class _Reader:
    """Somebody who is signed in and turns pages."""

    def __init__(self, port: int, person: User) -> None:
        self.port = port
        device = Device(ClientKind.NATIVE, "benchmark", "192.0.2.1")
        self.headers = {
            "Authorization": f"Bearer {session_start(user=person, device=device).access}"
        }

    def read_for(self, seconds: float, times: Times) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            times.append(ask(self.port, "GET", "/api/v1/feed/home", headers=self.headers))
            time.sleep(random.uniform(*PAUSE_S))


def _read_together(readers: list[_Reader], seconds: float) -> Times:
    times = Times()
    with ThreadPoolExecutor(len(readers)) as threads:
        for done in [threads.submit(reader.read_for, seconds, times) for reader in readers]:
            done.result()
    return times


@contextmanager
def _storm(port: int, times: Times) -> Iterator[None]:
    """So many log-ins under way at any moment, each by another person from another address."""
    is_over = threading.Event()

    def log_in_again_and_again() -> None:
        while not is_over.is_set():
            login = f"stranger{random.randint(1, STRANGERS)}"
            headers = {
                "Content-Type": "application/json",
                "X-Client": "native",
                "X-Forwarded-For": ".".join(str(random.randint(1, 254)) for _ in range(4)),
            }
            body = json.dumps({"login": login, "password": PASSWORD})
            times.append(ask(port, "POST", "/api/v1/auth/login", body=body, headers=headers))

    with ThreadPoolExecutor(STORMERS) as threads:
        running = [threads.submit(log_in_again_and_again) for _ in range(STORMERS)]
        try:
            yield
        finally:
            is_over.set()
        for done in running:
            done.result()


def _milliseconds(name: str, value: float, samples: int, load: str) -> Result:
    return Result(
        name=f"login.storm.{name}",
        value=round(value, 1),
        unit="ms",
        samples=samples,
        rows=ROWS,
        load=load,
        date=today(),
    )


def _fill() -> None:
    ids = range(1, PEOPLE + 1)
    password = make_password(PASSWORD)
    names = ("id", "username", "email", "password")
    people = [(n, f"person{n}") for n in ids]
    people += [(PEOPLE + n, f"stranger{n}") for n in range(1, STRANGERS + 1)]
    rows = ((n, name, f"{name}@example.org", password) for n, name in people)
    copy_rows(User, names, rows, total=len(people), following_count=FOLLOWEES)
    follows = ((n, (n + k) % PEOPLE + 1) for n in ids for k in range(FOLLOWEES))
    copy_rows(
        Follow,
        ("follower_id", "followee_id"),
        follows,
        total=PEOPLE * FOLLOWEES,
        state=FollowState.ACTIVE,
    )
    posts = ((n, f"{n:05d}{k:06d}") for n in ids for k in range(POSTS_OF_ONE))
    copy_rows(
        Post,
        ("author_id", "shortcode"),
        posts,
        total=PEOPLE * POSTS_OF_ONE,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        media=[PICTURE],
        state=PostState.PUBLISHED,
        audience=int(Audience.PUBLIC),
    )
