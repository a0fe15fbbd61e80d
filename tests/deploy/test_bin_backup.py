"""A backup holds what was there at one moment, and a restore proves it before it counts."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import psycopg
import pytest
from django.conf import settings
from moto import mock_aws
from psycopg.conninfo import make_conninfo

from core.embedded.binaries import find_postgres
from deploy.hosts import backup as backups
from deploy.hosts import restore as restores
from deploy.hosts.backup import DUMP, ROWS, backup, finished, remove_old
from deploy.hosts.database import Database, count_rows
from deploy.hosts.offsite import copy_offsite
from deploy.hosts.restore import BackupUnusableError, bring_back_media, drop, restore, swap_in

NAME = "jyoti_backup_trial"


def url_of(name: str) -> str:
    """A database of the server that the tests use."""
    given = settings.DATABASES["default"]
    wanted = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    return make_conninfo(
        **{new: given[old] for old, new in wanted.items() if given[old]}, dbname=name
    )


def databases(server: Database) -> set[str]:
    with server.other("postgres").connect() as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [NAME + "%"]
        )
        return {str(name) for (name,) in names}


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A small database with rows, an index and a trusted extension, as ours has."""
    monkeypatch.setenv("PATH", str(find_postgres()), prepend=os.pathsep)
    made = Database.at(url_of(NAME))
    clear(made)
    with made.other("postgres").connect() as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    with made.connect() as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE people (id bigserial PRIMARY KEY, name text UNIQUE)")
        connection.execute("CREATE INDEX ON people USING gin (name gin_trgm_ops)")
        connection.execute("CREATE TABLE posts (id bigserial PRIMARY KEY, author bigint NOT NULL)")
        connection.execute(
            "INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 70) n"
        )
        connection.execute("INSERT INTO posts (author) SELECT n FROM generate_series(1, 500) n")
    yield made
    clear(made)


def clear(made: Database) -> None:
    for name in databases(made):
        drop(made, made.other(name))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def media(tmp_path: Path) -> Path:
    made = tmp_path / "media"
    (made / "p/aa/paa1").mkdir(parents=True)
    (made / "p/aa/paa1/320.webp").write_bytes(b"first")
    (made / "p/aa/paa1/.half.tmp").write_bytes(b"being written")
    return made


def test_backup_holds_every_row_and_says_how_many(database: Database, folder: Path) -> None:
    made = backup(database, None, folder)
    assert json.loads((made / ROWS).read_text()) == {"people": 70, "posts": 500}
    with restore(database, made).connect() as connection:
        assert count_rows(connection) == {"people": 70, "posts": 500}


def test_dump_and_counts_are_of_the_same_moment(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that arrive between the count and the dump are in neither."""
    run = Database.run

    def somebody_posts_first(self: Database, *command: str) -> None:
        if command[0] == "pg_dump":
            with database.connect() as other:
                other.execute("INSERT INTO posts (author) VALUES (1)")
        run(self, *command)

    monkeypatch.setattr(Database, "run", somebody_posts_first)
    restored = restore(database, backup(database, None, folder))
    with database.connect() as now, restored.connect() as then:
        assert (count_rows(now)["posts"], count_rows(then)["posts"]) == (501, 500)


def test_password_is_on_no_command_line(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    run = subprocess.run

    def watch(command, **options):
        seen.append(command)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watch)
    secret = Database(make_conninfo(database.url, password="hunter-2-hunter"), NAME)
    restore(secret, backup(secret, None, folder))
    assert [command[0] for command in seen] == ["pg_dump", "pg_restore"]
    assert "hunter-2-hunter" not in str(seen)


def test_interrupted_backup_does_not_look_like_one(database: Database, folder: Path) -> None:
    broken = Database(database.url, "no_such_database")
    with pytest.raises(psycopg.OperationalError):
        backup(broken, None, folder)
    assert finished(folder) == []
    made = backup(database, None, folder)
    assert list(folder.iterdir()) == [made]


def test_only_the_newest_stay(folder: Path) -> None:
    for day in range(1, 6):
        (folder / f"2026010{day}T031000Z").mkdir()
    remove_old(folder, keep=2)
    assert [each.name for each in finished(folder)] == ["20260104T031000Z", "20260105T031000Z"]


def test_pictures_are_copied_once_and_linked_from_then_on(
    database: Database, folder: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backup(database, media, folder).rename(folder / "20260101T000000Z")
    (media / "p/aa/paa1/640.webp").write_bytes(b"second")
    second = backup(database, media, folder)
    old, same, new = (
        first / "media/p/aa/paa1/320.webp",
        second / "media/p/aa/paa1/320.webp",
        second / "media/p/aa/paa1/640.webp",
    )
    assert old.samefile(same)
    assert (new.read_bytes(), new.stat().st_nlink) == (b"second", 1)
    assert not list(second.rglob(".*"))


def test_backup_outlives_the_one_that_it_shares_pictures_with(
    database: Database, folder: Path, media: Path
) -> None:
    first = backup(database, media, folder).rename(folder / "20260101T000000Z")
    second = backup(database, media, folder)
    shutil.rmtree(first)
    assert (second / "media/p/aa/paa1/320.webp").read_bytes() == b"first"


def test_damaged_dump_is_refused_before_anything_is_made(database: Database, folder: Path) -> None:
    made = backup(database, None, folder)
    with (made / DUMP).open("r+b") as file:
        file.seek(200)
        file.write(b"\0\0\0\0")
    with pytest.raises(BackupUnusableError, match="checksum"):
        restore(database, made)
    assert databases(database) == {NAME}


def test_other_rows_than_were_counted_are_refused(database: Database, folder: Path) -> None:
    made = backup(database, None, folder)
    counts = json.loads((made / ROWS).read_text()) | {"posts": 501}
    (made / ROWS).write_text(json.dumps(counts))
    sums = "".join(f"{backups.sha256(made / each)}  {each}\n" for each in (DUMP, ROWS))
    (made / backups.SUMS).write_text(sums)
    with pytest.raises(BackupUnusableError, match=r"'posts': \(501, 500\)"):
        restore(database, made)


def test_drill_leaves_the_present_database_alone(database: Database, folder: Path) -> None:
    made = backup(database, None, folder)
    with database.connect() as connection:
        connection.execute("DELETE FROM posts")
    restores._restore(database, made, swap=False)
    with database.connect() as connection:
        assert count_rows(connection)["posts"] == 0
    assert databases(database) == {NAME}


def test_swap_brings_the_rows_back_and_keeps_the_other_database(
    database: Database, folder: Path
) -> None:
    """Also while somebody is connected."""
    made = backup(database, None, folder)
    with database.connect() as busy:
        busy.execute("DELETE FROM posts")
        kept = swap_in(database, restore(database, made))
    with database.connect() as now, database.other(kept).connect() as before:
        assert (count_rows(now)["posts"], count_rows(before)["posts"]) == (500, 0)
    assert databases(database) == {NAME, kept}


def test_missing_pictures_come_back_and_present_ones_stay(
    database: Database, folder: Path, media: Path
) -> None:
    (media / "p/aa/paa1/640.webp").write_bytes(b"second")
    made = backup(database, media, folder)
    (media / "p/aa/paa1/320.webp").unlink()
    (media / "p/aa/paa1/640.webp").write_bytes(b"newer")
    assert bring_back_media(made, media) == 1
    assert (media / "p/aa/paa1/320.webp").read_bytes() == b"first"
    assert (media / "p/aa/paa1/640.webp").read_bytes() == b"newer"


@mock_aws
def test_copy_in_s3_holds_the_dump_by_its_time_and_each_picture_once(
    database: Database, folder: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="jyoti-backups")
    made = backup(database, media, folder).rename(folder / "20260101T000000Z")
    copy_offsite(made, "s3://jyoti-backups/box/")
    s3.put_object(Bucket="jyoti-backups", Key="box/media/p/aa/paa1/320.webp", Body=b"is there")
    copy_offsite(made, "s3://jyoti-backups/box/")
    stored = {item["Key"] for item in s3.list_objects_v2(Bucket="jyoti-backups")["Contents"]}
    assert stored == {
        "box/20260101T000000Z/SHA256SUMS",
        "box/20260101T000000Z/database.dump",
        "box/20260101T000000Z/rows.json",
        "box/media/p/aa/paa1/320.webp",
    }
    picture = s3.get_object(Bucket="jyoti-backups", Key="box/media/p/aa/paa1/320.webp")
    assert picture["Body"].read() == b"is there"
