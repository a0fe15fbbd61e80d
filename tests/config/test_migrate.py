"""`manage.py migrate`: one at a time, patient with those who use a table, and told apart from them."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.management.commands.migrate import SCHEMA_LOCK
from tests.messaging.servers import server_environ

WAITS = "Another migration of this database is running"
IN_USE = "A table is in use; trying again"

# An app with two migrations, below settings of its own.
APP = {
    "elsewhere/__init__.py": "urlpatterns = []",
    "elsewhere/test.py": """
from config.settings.test import *
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "config", "things"]
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = "elsewhere"
""",
    "things/__init__.py": "",
    "things/migrations/__init__.py": "",
    "things/migrations/0001_initial.py": """
from django.db import migrations
class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE TABLE thing (id int)", "DROP TABLE thing")]
""",
    "things/migrations/0002_name.py": """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("things", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE TABLE other (id int)", "DROP TABLE other"),
        migrations.RunSQL("ALTER TABLE thing ADD name text", "ALTER TABLE thing DROP name"),
    ]
""",
}
QUICK = """
import sys
from config.management.commands import migrate
migrate.LOCK_TIMEOUT_S, migrate.PAUSES_S = 0.2, (0.1, 0.1)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


class Migrate:
    """One run of the command, whose words can be waited for."""

    def __init__(self, folder: Path, database: str, *words: str, quick: bool = False) -> None:
        command = ["-c", QUICK] if quick else ["manage.py"]
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, *command, "migrate", "--no-color", *words],
            cwd=settings.BASE_DIR,
            env={
                **server_environ("command"),
                "DJANGO_SETTINGS_MODULE": "elsewhere.test",
                "DATABASE_URL": database,
                "PYTHONPATH": os.pathsep.join([str(folder), str(settings.BASE_DIR)]),
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout))
        self._reader.start()

    @property
    def words(self) -> str:
        return "".join(self.said)

    def until(self, words: str) -> None:
        deadline = time.monotonic() + 40
        while words not in self.words:
            assert time.monotonic() < deadline, self.words
            assert self.process.poll() is None, self.words
            time.sleep(0.02)

    def end(self) -> int:
        status = self.process.wait(60)
        self._reader.join()
        self.process.stdout.close()
        return status


@pytest.fixture
def database(db) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"jyoti_migrate_{os.getpid()}"
    server = connection.settings_dict
    address = {key: server[key.upper()] for key in ("host", "port", "user", "password")}
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield (
            f"postgresql://{server['USER']}:{server['PASSWORD']}@/{name}"
            f"?host={server['HOST']}&port={server['PORT'] or 5432}"
        )
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def other(database) -> Iterator[psycopg.Connection]:
    """Somebody else on that database."""
    with psycopg.connect(database) as made:
        yield made


@pytest.fixture
def migrate(tmp_path, database):
    """`migrate(*words)` begins to run the command on it."""
    for name, text in APP.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    runs = []

    def begin(*words, **how) -> Migrate:
        runs.append(Migrate(tmp_path, database, *words, **how))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()


def begun(migrate) -> None:
    """The first of the two migrations is there."""
    run = migrate("things", "0001")
    assert run.end() == 0, run.words


def tables(other) -> set[str]:
    names = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    other.rollback()
    return {name for (name,) in names} & {"thing", "other"}


def test_of_two_at_once_one_migrates_and_the_other_waits_and_has_nothing_to_do(migrate, other):
    other.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])
    runs = [migrate(), migrate()]
    for run in runs:
        run.until(WAITS)
    assert tables(other) == set()
    other.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_LOCK])
    assert [run.end() for run in runs] == [0, 0]
    assert sorted("No migrations to apply" in run.words for run in runs) == [False, True]
    assert tables(other) == {"thing", "other"}


def test_a_migration_that_was_killed_leaves_no_lock_behind(migrate, other):
    begun(migrate)
    other.execute("LOCK TABLE thing IN ACCESS SHARE MODE")
    killed = migrate()
    killed.until(IN_USE)
    killed.process.kill()
    killed.end()
    other.rollback()
    following = migrate()
    assert following.end() == 0
    assert WAITS not in following.words


def test_a_table_in_use_is_tried_again_and_its_readers_wait_no_longer_than_the_time_out(
    migrate, other, database
):
    begun(migrate)
    other.execute("LOCK TABLE thing IN ACCESS SHARE MODE")
    run = migrate()
    waits = []
    with psycopg.connect(database, autocommit=True) as reader:
        while IN_USE not in run.words:
            began = time.monotonic()
            reader.execute("SELECT count(*) FROM thing")
            waits.append(time.monotonic() - began)
            time.sleep(0.01)
    assert 1 < max(waits) < 3.5
    other.rollback()
    assert run.end() == 0
    assert tables(other) == {"thing", "other"}


def test_a_table_that_stays_in_use_ends_it_with_nothing_half_done(migrate, other):
    begun(migrate)
    other.execute("LOCK TABLE thing IN ACCESS SHARE MODE")
    run = migrate(quick=True)
    assert run.end() == 1
    assert run.words.count(IN_USE) == 2
    assert "A table stayed in use through 3 tries" in run.words
    other.rollback()
    assert tables(other) == {"thing"}


def test_asking_what_is_to_do_waits_for_nobody_and_changes_nothing(migrate, other):
    other.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])
    check, plan = migrate("--check"), migrate("--plan")
    assert (check.end(), plan.end()) == (1, 0)
    assert "things.0002_name" in plan.words
    assert tables(other) == set()
    other.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_LOCK])
    assert migrate().end() == 0
    assert migrate("--check").end() == 0
    back = migrate("things", "0001")
    assert back.end() == 0
    assert tables(other) == {"thing"}
