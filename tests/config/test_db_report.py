"""`manage.py db_report`: each trouble of a real server is seen, and nothing that people wrote."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from config.ops.db_report.report import BOUNDS
from tests.config.own_postgres import own_postgres
from tests.config.test_env import SAFE
from tests.house.rules import ROOT

pytestmark = pytest.mark.xdist_group("db_report")

CONFIDENTIAL = "what-somebody-wrote"


def db_report(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "db_report", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "JYOTI_PROCESS": "command",
            **SAFE,
            "DATABASE_URL": url,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def report(url: str, *arguments: str) -> dict:
    ran = db_report(url, "--json", *arguments)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    """A database with one table of 20,000 rows, of which half are dead, and an index too many."""
    with own_postgres(tmp_path_factory.mktemp("postgres")) as address:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("CREATE TABLE letters (id bigint PRIMARY KEY, body text)")
            server.execute("ALTER TABLE letters SET (autovacuum_enabled = false)")
            server.execute(
                "INSERT INTO letters SELECT n, sha512(n::text::bytea) FROM generate_series(1, 20000) n"
            )
            server.execute("CREATE INDEX letters_unread ON letters (body)")
            server.execute("CREATE INDEX letters_small ON letters (id) WHERE id < 100")
            server.execute("CREATE UNIQUE INDEX letters_once ON letters (id, body)")
            server.execute("DELETE FROM letters WHERE id % 2 = 0")
            for _ in range(20):
                server.execute(f"SELECT pg_sleep(0.03), '{CONFIDENTIAL}'")
                # A utility statement keeps its values in pg_stat_statements.
                alter = f"ALTER ROLE jyoti SET application_name TO '{CONFIDENTIAL}'"
                server.execute(alter, prepare=False)
            server.execute("ALTER ROLE jyoti RESET application_name")
        # What the statements above counted is written down as their session ends.
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("ANALYZE letters")
        yield address


def test_size_tables_dead_rows_and_needless_indexes_are_seen(url):
    found = report(url)

    assert found["server"]["database"] == "jyoti"
    assert found["figures"]["size_mb"]["value"] == pytest.approx(
        found["server"]["bytes"] / 1e6, abs=0.01
    )
    (table,) = found["tables"]
    assert (table["table"], table["rows"], table["dead_rows"]) == ("letters", 10_000, 10_000)
    assert table["dead_percent"] == 50
    assert found["figures"]["dead_rows_percent"]["state"] == "OVER"
    (index,) = found["unused_indexes"]
    assert (index["index"], index["table"]) == ("letters_unread", "letters")
    assert found["figures"]["unused_index_mb"]["value"] == round(index["bytes"] / 1e6, 2) > 0


def test_slow_statements_are_named_by_their_form_without_their_values(url):
    ran = db_report(url, "--json")
    slow, *others = json.loads(ran.stdout)["slow_statements"]

    assert slow["statement"] == "SELECT pg_sleep($1), $2"
    assert slow["calls"] == 20
    assert 30 <= slow["mean_ms"] < 300
    assert [row for row in others if row["statement"].startswith("ALTER")] == []
    assert CONFIDENTIAL not in ran.stdout


def test_a_long_transaction_and_who_waits_for_its_lock_are_seen(url):
    started = threading.Event()

    def wait_for_the_row() -> None:
        with psycopg.connect(url, application_name="waiting") as waiting:
            started.set()
            waiting.execute("UPDATE letters SET body = 'b' WHERE id = 1")
            waiting.rollback()

    waiter = threading.Thread(target=wait_for_the_row)
    with closing(psycopg.connect(url, application_name="holding")) as holding:
        holding.execute(f"UPDATE letters SET body = '{CONFIDENTIAL}' WHERE id = 1")
        waiter.start()
        started.wait(5)
        time.sleep(1.2)
        ran = db_report(url, "--json", "--fail-over", "lock_wait_s=1", "transaction_s=1")
        holding.rollback()
    waiter.join()

    found = json.loads(ran.stdout)
    assert {row["program"]: row["statement"] for row in found["transactions"]} == {
        "holding": "update",
        "waiting": "update",
    }
    (lock,) = found["locks"]
    assert len(lock["waits_for"]) == 1
    assert found["figures"]["lock_wait_s"]["value"] >= 1
    assert found["figures"]["transaction_s"]["state"] == "OVER"
    assert ran.returncode == 1
    assert CONFIDENTIAL not in ran.stdout


def test_connections_are_counted_by_account_and_program(url):
    with (
        psycopg.connect(url, application_name="crowd"),
        psycopg.connect(url, application_name="crowd"),
    ):
        found = report(url)

    crowd = [row for row in found["connections"] if row["program"] == "crowd"]
    assert crowd == [{"account": "jyoti", "program": "crowd", "state": "idle", "connections": 2}]
    total = found["server"]["connections"]
    percent = 100 * total / found["server"]["max_connections"]
    assert found["figures"]["connections_percent"]["value"] == round(percent, 2)


def test_limits_decide_the_exit_code_only_when_asked_for(url):
    passed = ["dead_rows_percent=51", "cache_hit_percent=0"]

    assert db_report(url).returncode == 0
    assert db_report(url, "--fail-over").returncode == 1
    assert db_report(url, "--fail-over", *passed, "slow_mean_ms=1").returncode == 1
    assert db_report(url, "--fail-over", *passed, "slow_mean_ms=off").returncode == 0


@pytest.mark.parametrize("word", ["size=1", "size_mb=large"])
def test_a_limit_that_makes_no_sense_is_refused(url, word):
    ran = db_report(url, "--fail-over", word)
    assert ran.returncode == 2
    assert word.partition("=")[0] in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_pg_stat_statements_the_gap_is_told_and_is_no_pass(url):
    with psycopg.connect(url, user="postgres", autocommit=True) as server:
        server.execute("DROP EXTENSION pg_stat_statements")
        try:
            ran = db_report(url, "--fail-over", "dead_rows_percent=off")
        finally:
            server.execute("CREATE EXTENSION pg_stat_statements")

    assert ran.returncode == 2
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("NOT MEASURED")]
    assert line.endswith("CREATE EXTENSION pg_stat_statements")


def test_an_account_that_may_not_look_at_others_says_so(url):
    with psycopg.connect(url, user="postgres", autocommit=True) as server:
        server.execute("REVOKE pg_monitor FROM jyoti")
        try:
            figures = report(url)["figures"]
        finally:
            server.execute("GRANT pg_monitor TO jyoti")

    told = [name for name, figure in figures.items() if "GRANT pg_monitor" in figure["why"]]
    assert told == ["slow_mean_ms", "transaction_s"]


def test_the_text_holds_every_figure_and_list(url):
    lines = db_report(url).stdout.splitlines()

    assert lines[0].startswith("jyoti on PostgreSQL ")
    for bound in BOUNDS:
        assert [line for line in lines if bound.title in line and line.endswith(bound.rule)]
    assert {"Tables", "Slow statements", "Unused indexes", "Connections"} <= set(lines)


def test_a_database_that_is_away_is_told_without_a_traceback():
    ran = db_report("postgresql://jyoti@127.0.0.1:1/jyoti")
    assert ran.returncode == 2
    assert "Connection refused" in ran.stderr
    assert "manage.py doctor says more." in ran.stderr
    assert "Traceback" not in ran.stderr
