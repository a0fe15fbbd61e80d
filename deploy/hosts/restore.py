"""Restore a backup into a fresh database beside the present one, and compare: `deploy/bin/restore`.

Each table has to have exactly the rows that were counted when the backup was made. That alone is the
drill; with --swap-in the fresh one takes the place of the present one, which is kept under another name.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.hosts.backup import BACKUPS, DUMP, MEDIA, ROWS, SUMS, finished, media_folder, sha256
from deploy.hosts.database import Database, count_rows
from deploy.hosts.log import say

FRESH = "_restored"


class BackupUnusableError(Exception):
    """The backup is damaged, or what came out of it differs from what went in."""


def verify(folder: Path) -> None:
    """Raises BackupUnusableError unless every file is as it was written."""
    for line in (folder / SUMS).read_text().splitlines():
        expected, name = line.split(maxsplit=1)
        if sha256(folder / name) != expected:
            raise BackupUnusableError(f"{folder / name} has another checksum")


def restore(database: Database, folder: Path) -> Database:
    """Make the fresh database, and return it when it holds what the backup held."""
    fresh = database.other(database.name + FRESH)
    verify(folder)
    drop(database, fresh)
    with database.other("postgres").connect() as connection:
        create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh.name))
        connection.execute(create)
    fresh.run(
        "pg_restore",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        # Only an extension's owner may comment on it.
        "--no-comments",
        "--jobs=2",
        f"--dbname={fresh.name}",
        str(folder / DUMP),
    )
    compare(fresh, json.loads((folder / ROWS).read_text()))
    return fresh


def compare(fresh: Database, expected: dict[str, int]) -> None:
    """Raises BackupUnusableError naming each table with other rows than the backup counted."""
    with fresh.connect() as connection:
        found = count_rows(connection)
    differing = {
        name: (expected.get(name), found.get(name))
        for name in sorted({*expected, *found})
        if expected.get(name) != found.get(name)
    }
    if differing:
        raise BackupUnusableError(f"rows expected and found: {differing}")


def swap_in(database: Database, fresh: Database) -> str:
    """Give the fresh database the name of the present one; the name under which that one stays."""
    kept = f"{database.name}_before_{datetime.now(UTC):%Y%m%dT%H%M%SZ}".lower()
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with database.other("postgres").connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
            [[database.name, fresh.name]],
        )
        with connection.transaction():
            for old, new in ((database.name, kept), (fresh.name, database.name)):
                connection.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
    return kept


def drop(database: Database, fresh: Database) -> None:
    """Remove the fresh one; the present one is never given here."""
    with database.other("postgres").connect() as connection:
        query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(query.format(sql.Identifier(fresh.name)))


def bring_back_media(folder: Path, media: Path) -> int:
    """Copy pictures that are missing; none is changed or removed. Their number."""
    missing = [
        file
        for file in (folder / MEDIA).rglob("*")
        if file.is_file() and not (media / file.relative_to(folder / MEDIA)).exists()
    ]
    for file in missing:
        target = media / file.relative_to(folder / MEDIA)
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o640)
    return len(missing)


def main() -> None:
    """Restore, compare, and then swap or clear away."""
    parser = argparse.ArgumentParser(prog="restore", description=__doc__)
    parser.add_argument("backup", nargs="?", type=Path, help="its folder; default: the newest")
    parser.add_argument(
        "--swap-in", action="store_true", help="let it take the present one's place"
    )
    options = parser.parse_args()
    os.umask(0o027)
    began = time.monotonic()
    try:
        folder = options.backup or finished(BACKUPS)[-1]
        facts = _restore(Database.of_services(), folder, swap=options.swap_in)
    except (BackupUnusableError, IndexError, psycopg.Error, OSError) as error:
        say("restore_failed", level="ERROR", error=f"{type(error).__name__}: {error}")
        sys.exit(1)
    except subprocess.CalledProcessError as error:
        say("restore_failed", level="ERROR", error=f"{error.cmd[0]} ended with {error.returncode}")
        sys.exit(1)
    facts |= {"backup": folder, "seconds": round(time.monotonic() - began, 1)}
    say("restore_done", level="INFO", **facts)


def _restore(database: Database, folder: Path, *, swap: bool) -> dict[str, object]:
    fresh = restore(database, folder)
    rows = sum(json.loads((folder / ROWS).read_text()).values())
    if not swap:
        drop(database, fresh)
        return {"rows": rows, "swapped": False}
    media = media_folder()
    pictures = bring_back_media(folder, media) if media else 0
    return {"rows": rows, "swapped": True, "kept": swap_in(database, fresh), "pictures": pictures}


if __name__ == "__main__":
    main()
