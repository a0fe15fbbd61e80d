"""`manage.py doctor`: the database and the jobs in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection

from config.ops.doctor import database, jobs
from config.ops.doctor.database import examine_database
from config.ops.doctor.findings import Level
from config.ops.doctor.jobs import examine_jobs
from tests.config.doctors import ALONE, doctor, levels, of, only
from tests.config.own_postgres import own_postgres
from tests.e2e.server import new_database

pytestmark = pytest.mark.xdist_group("doctor")  # Some share a PostgreSQL of their own.


@pytest.fixture(scope="module")
def strict_database(tmp_path_factory) -> Iterator[str]:
    """The address of a PostgreSQL of its own, where the role `locked` needs the password `right`."""
    with own_postgres(tmp_path_factory.mktemp("postgres")) as url:
        with psycopg.connect(url, user="postgres", autocommit=True) as server:
            server.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
            rules = Path(server.execute("SHOW hba_file").fetchone()[0])
            rules.write_text(f"local all locked scram-sha-256\n{rules.read_text()}")
            server.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture
def at(settings) -> Iterator[Callable[..., None]]:
    """`at(url, **changes)`: let the settings name that database."""
    entry = django_settings.DATABASES["default"]
    kept = dict(entry)

    def change(url: str, **changes: str) -> None:
        parts = psycopg.conninfo.conninfo_to_dict(url)
        entry.update({
            "HOST": parts["host"], "PORT": parts.get("port", ""), "NAME": parts["dbname"],
            "USER": parts.get("user", ""), "PASSWORD": parts.get("password", ""), **changes,
        })  # fmt: skip

    yield change
    entry.clear()
    entry.update(kept)


@pytest.mark.django_db
def test_a_migrated_database_is_well():
    findings = list(examine_database())
    assert Level.FAULT not in levels(iter(findings))
    assert "every migration is applied" in {finding.found for finding in findings}


def test_a_wrong_password_is_told_and_a_right_one_is_not(strict_database, at):
    at(strict_database, USER="locked", PASSWORD="wrong")
    refused = only(examine_database())
    assert 'password authentication failed for user "locked"' in refused.found
    assert "systemctl start jyoti-secrets" in refused.mend

    at(strict_database, USER="locked", PASSWORD="right")
    assert next(examine_database()).level is Level.OK


def test_a_database_that_is_not_there_is_told(strict_database, at):
    at(strict_database, NAME="nowhere")
    missing = only(examine_database())
    assert 'database "nowhere" does not exist' in missing.found
    assert missing.mend.startswith("Make the database")


def test_a_server_that_is_away_is_told(at):
    at("postgresql://jyoti@127.0.0.1:1/jyoti")
    away = only(examine_database())
    assert "Connection refused" in away.found
    assert "security group" in away.mend


def test_an_empty_database_waits_for_its_migrations():
    with new_database() as url:
        code, findings = doctor(**ALONE | {"DATABASE_URL": url})

    assert code == 1
    missing, waiting = of(findings, "database", Level.FAULT)
    assert missing == "extension pg_trgm is missing"
    assert waiting.split(maxsplit=1)[1].startswith("migrations wait: ")
    (not_examined,) = of(findings, "worker", Level.FAULT)
    assert not_examined == "not examined: ProgrammingError"


@pytest.mark.django_db
def test_few_free_connections_are_a_warning(monkeypatch):
    monkeypatch.setattr(database, "MOST_CONNECTIONS_PERCENT", 0)
    told = [finding.found for finding in examine_database() if finding.level is Level.WARNING]
    assert told[-1].endswith("connections are in use")


@pytest.mark.django_db
def test_an_old_server_is_a_fault(monkeypatch):
    monkeypatch.setattr(database, "OLDEST", 990000)
    assert "upgrade the server" in only(examine_database()).mend


_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('live', 'a.task') RETURNING id
"""


def add_job(status: str, *, age_s: int = 0, worker_id: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOB)
        (job_id,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, worker_id = %s WHERE id = %s",
            [status, worker_id, job_id],
        )
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s) "
            "WHERE job_id = %s",
            [age_s, job_id],
        )


def add_worker(silent_s: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_s],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def in_one_transaction(db, monkeypatch) -> None:
    """The test's rows are seen by the test's connection alone: leave it open."""
    monkeypatch.setattr(connection, "close", lambda: None)


@pytest.mark.usefixtures("in_one_transaction")
def test_no_worker_is_a_fault_and_a_silent_one_counts_as_none():
    assert only(examine_jobs()).found == "no worker runs: none was ever there"
    add_worker(silent_s=90)
    assert only(examine_jobs()).found == "no worker runs: the last was there 90 s ago"
    add_worker(silent_s=3)
    found = [finding.found for finding in examine_jobs()]
    assert found == ["1 queues are served, last heartbeat 3 s ago", "0 jobs are due"]


@pytest.mark.usefixtures("in_one_transaction")
def test_jobs_that_wait_too_long_failed_or_lost_their_worker_are_told():
    alive, dead = add_worker(silent_s=3), add_worker(silent_s=600)
    add_job("todo", age_s=jobs.WAITING_S - 10)
    add_job("doing", age_s=10_000, worker_id=alive)
    assert levels(examine_jobs()) == {Level.OK}

    add_job("todo", age_s=jobs.WAITING_S + 10)
    add_job("failed")
    add_job("doing", worker_id=dead)
    findings = list(examine_jobs())
    assert only(iter(findings)).found == f"2 jobs are due, the oldest since {jobs.WAITING_S + 10} s"
    assert [finding.found for finding in findings if finding.level is Level.WARNING] == [
        "1 jobs failed for good",
        "1 jobs are of workers that died",
    ]
