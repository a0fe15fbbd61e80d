"""The password of the database changes under load: no request, message or job fails for it."""

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count

import orjson
import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from websockets.asyncio.client import connect as open_websocket

from config.env import database_settings
from config.listener import listen
from core.database import AsyncRotatingConnection, RotatingConnection
from tests.core.scram_database import ScramDatabase, scram_database
from tests.messaging.conftest import message

USER, CLONE = "jyoti_app", "jyoti_app_clone"
#: How long the server knows a new password before the file has it.
LATE_S = 0.3
ROUNDS = 4
TASK = "core.handlers.purge_idempotency_keys"

PREPARE = """
import json
from accounts.constants import ClientKind
from accounts.services import (
    Device, access_token_read, email_vouch, session_start, user_register, ws_ticket_issue,
)
from accounts.models import User
from messaging.services import conversation_open

device = Device(client=ClientKind.NATIVE, user_agent="", address="192.0.2.7")
people = [
    user_register(username=name, email=f"{name}@example.org", password="a quiet harbour 7")
    for name in ("ann", "bob")
]
for person in people:
    email_vouch(user_id=person.pk)
session = session_start(user=User.objects.get(pk=people[0].pk), device=device)
claims = access_token_read(session.access)
chat = conversation_open(viewer=claims.viewer, user_ids=[people[1].pk]).conversation_id
ticket = ws_ticket_issue(claims=claims, client=ClientKind.NATIVE, origin="")
print(json.dumps({"access": session.access, "ticket": ticket, "chat": chat}))
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A server that asks for passwords; the present login is in the file DATABASE_URL."""
    with scram_database(tmp_path_factory.mktemp("scram")) as made:
        made.create_user(USER, "first")
        made.create_user(CLONE, "other")
        made.tell(USER, "first")
        yield made


@pytest.fixture
def login(database, settings):
    """This process reads that file, too, and knows an old password."""
    settings.DATABASE_LOGIN_FILE = database.login_file
    database.change_password(USER, "first")
    database.tell(USER, "first")
    return database.url(USER, "old")


def test_a_connection_is_made_with_the_newest_login(login):
    with RotatingConnection.connect(login) as made:
        assert made.execute("SELECT session_user, current_user").fetchone() == (USER, "jyoti")


def test_a_refused_login_is_read_again_until_it_is_the_new_one(login, database):
    database.change_password(USER, "second")
    later = threading.Timer(LATE_S, database.tell, (USER, "second"))
    later.start()
    began = time.monotonic()
    RotatingConnection.connect(login).close()
    assert LATE_S <= time.monotonic() - began < LATE_S + 0.6


async def test_the_event_loop_goes_on_while_a_login_is_read_again(login, database):
    database.change_password(USER, "second")
    connecting = asyncio.create_task(AsyncRotatingConnection.connect(login))
    await asyncio.sleep(LATE_S)
    assert not connecting.done()
    database.tell(USER, "second")
    await (await connecting).close()


def test_a_login_that_stays_wrong_ends_in_the_servers_own_words(login, database):
    database.tell(USER, "wrong")
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        RotatingConnection.connect(login)
    assert 1.4 < time.monotonic() - began < 4


def test_a_server_that_is_away_is_told_at_once(login, database):
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        RotatingConnection.connect(login, host="/nowhere")
    assert time.monotonic() - began < 0.5


@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_found_before_the_first_query(login, database):
    made = ConnectionHandler({"default": database_settings(login, "http")})["default"]
    made.ensure_connection()
    before = made.connection
    assert made.is_usable()
    database.end_resting(older_than_ms=0)
    assert not made.is_usable()
    with pytest.raises(OperationalError), made.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert not made.is_usable()
    made.close_if_unusable_or_obsolete()
    with made.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert made.connection is not before
    made.close()


@pytest.mark.django_db
def test_what_the_server_tells_a_living_connection_does_not_end_it(login, database):
    made = ConnectionHandler({"default": database_settings(login, "http")})["default"]
    made.ensure_connection()
    with made.cursor() as cursor:
        cursor.execute("LISTEN news")
    database.fetch("SELECT pg_notify('news', 'hello')")
    assert made.is_usable()
    made.close()


def test_without_a_file_a_refused_login_is_told_at_once(login, settings):
    settings.DATABASE_LOGIN_FILE = None
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        RotatingConnection.connect(login)
    assert time.monotonic() - began < 0.5


def test_while_the_file_is_away_the_known_login_is_used(login, database):
    database.login_file.unlink()
    url = database.url(USER, "first")
    RotatingConnection.connect(url).close()


class Site:
    """HTTP, gateway and worker as processes of their own, which know the login by its file alone."""

    def __init__(self, database: ScramDatabase) -> None:
        self.database = database
        self._processes: list[subprocess.Popen] = []
        self.http, self.websocket = listen("127.0.0.1", 0), listen("127.0.0.1", 0)

    def environ(self, process: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "SECRETS_DIRECTORY": str(self.database.login_file.parent),
            "REDIS_URL": ",".join(django_settings.REDIS_URLS),
            "JYOTI_PROCESS": process,
        }

    def run(self, *words: str) -> str:
        """Run manage.py to its end; what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=django_settings.BASE_DIR,
            env=self.environ("command"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        for module, process, listener in (
            ("config.oneport", "http", self.http),
            ("config.sockets", "ws", self.websocket),
        ):
            descriptor = listener.fileno()
            self._start(["-m", module, "--fd", str(descriptor)], process, descriptor)
        self._start(["manage.py", "worker"], "worker")

    def _start(self, words: list[str], process: str, *descriptors: int) -> None:
        self._processes.append(
            subprocess.Popen(
                [sys.executable, *words],
                cwd=django_settings.BASE_DIR,
                env=self.environ(process),
                pass_fds=descriptors,
            )
        )

    def running(self) -> list[bool]:
        return [process.poll() is None for process in self._processes]

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self.http.close()
        self.websocket.close()


@pytest.fixture
def site(database):
    database.change_password(USER, "first")
    database.tell(USER, "first")
    made = Site(database)
    try:
        made.run("migrate", "--verbosity", "0")
        made.start()
        yield made
    finally:
        made.end()


class Load:
    """Requests, messages and jobs without end, each with its outcome."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.facts = json.loads(site.run("shell", "--verbosity", "0", "--command", PREPARE))
        self.statuses: list[int] = []
        self.seqs: list[int] = []
        self.errors: list[dict] = []
        self.jobs = 0
        self._is_over = threading.Event()

    @contextmanager
    def running(self):
        threads = [
            threading.Thread(target=work)
            for work in (self._request, self._request, self._send_all, self._defer)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()

    def _request(self) -> None:
        headers = {"Authorization": f"Bearer {self.facts['access']}"}
        while not self._is_over.is_set():
            client = HTTPConnection("127.0.0.1", self.site.http.getsockname()[1], timeout=20)
            client.request("GET", "/api/v1/conversations", headers=headers)
            answer = client.getresponse()
            self.statuses.append(answer.status)
            client.close()
            time.sleep(random.uniform(0.02, 0.6))

    def _send_all(self) -> None:
        asyncio.run(self._send())

    async def _send(self) -> None:
        url = f"ws://127.0.0.1:{self.site.websocket.getsockname()[1]}/ws/v1"
        async with open_websocket(
            f"{url}?ticket={self.facts['ticket']}", subprotocols=["jyoti.v1"], compression=None
        ) as wire:
            for number in count():
                if self._is_over.is_set():
                    return
                data = message(self.facts["chat"], str(number))
                await self._call(wire, "message.send", data)
                await self._call(wire, "ping", {})
                await asyncio.sleep(random.uniform(0.02, 0.6))

    async def _call(self, wire, type_: str, data: dict) -> None:
        await wire.send(orjson.dumps({"t": type_, "id": "c", "d": data}).decode())
        while True:
            frame = orjson.loads(await wire.recv())
            if frame["t"] == "error":
                self.errors.append(frame)
            elif frame["t"] == "ack" and "message" in frame["d"]:
                self.seqs.append(frame["d"]["message"]["seq"])
            if frame["t"] in ("ack", "error"):
                return

    def _defer(self) -> None:
        row = (
            f"ROW('live', '{TASK}', 0, NULL, NULL, "
            "'{\"timestamp\": 0}'::jsonb, NULL)::procrastinate_job_to_defer_v1"
        )
        while not self._is_over.is_set():
            self.site.database.fetch(f"SELECT procrastinate_defer_jobs_v1(ARRAY[{row}])")
            self.jobs += 1
            time.sleep(random.uniform(0.02, 0.6))


def jobs_when_all_ended(database) -> set[str]:
    """What became of the jobs, once there is nothing left to do."""
    deadline = time.monotonic() + 30
    states = {"todo"}
    while states & {"todo", "doing"} and time.monotonic() < deadline:
        time.sleep(0.2)
        rows = database.fetch(
            "SELECT DISTINCT status::text FROM procrastinate_jobs "
            "WHERE scheduled_at IS NULL OR scheduled_at < now()"
        )
        states = {status for (status,) in rows}
    return states


def test_the_password_changes_under_load_and_nothing_fails(site, database):
    load = Load(site)
    ended = 0
    with load.running():
        time.sleep(2)
        for number in range(ROUNDS):
            user = (USER, CLONE)[number % 2]
            database.change_password(USER, f"a{number}")
            database.change_password(CLONE, f"b{number}")
            ended += database.end_resting()
            time.sleep(LATE_S)
            database.tell(user, f"{'ab'[number % 2]}{number}")
            time.sleep(2)
    assert site.running() == [True, True, True]
    assert set(load.statuses) == {200}
    assert load.errors == []
    assert load.seqs == list(range(1, len(load.seqs) + 1))
    assert jobs_when_all_ended(database) == {"succeeded"}
    assert database.fetch(
        f"SELECT count(*) FROM procrastinate_jobs WHERE task_name = '{TASK}'"
    ) == [(load.jobs,)]
    assert min(len(load.statuses), len(load.seqs), load.jobs, ended) > 10
    database.end_resting()
    time.sleep(2)
    assert database.users() == {CLONE}
