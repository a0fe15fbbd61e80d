"""Back up the database and the pictures of this host: `deploy/bin/backup`.

A backup is a folder named by its time: database.dump (pg_dump's own form), rows.json (the rows of each
table in the same snapshot, for the restore to be compared with), media/ and SHA256SUMS. Pictures never
change under their name, so that those of the backup before are linked and not copied again.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from config import env as environment
from deploy.hosts.database import Database, count_rows
from deploy.hosts.log import say
from deploy.hosts.offsite import copy_offsite

BACKUPS = Path("/var/backups/jyoti")
UNFINISHED = ".unfinished-"
DUMP, ROWS, MEDIA, SUMS = "database.dump", "rows.json", "media", "SHA256SUMS"


def backup(database: Database, media: Path | None, folder: Path) -> Path:
    """Make one backup below `folder`; it appears whole or not at all.

    Raises CalledProcessError, psycopg.Error and OSError.
    """
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    before = finished(folder)
    made = folder / (UNFINISHED + name)
    made.mkdir(mode=0o700)
    dump_database(database, made)
    if media is not None:
        copy_media(media, made / MEDIA, before[-1] / MEDIA if before else None)
    (made / SUMS).write_text("".join(f"{sha256(made / each)}  {each}\n" for each in (DUMP, ROWS)))
    return made.rename(folder / name)


def dump_database(database: Database, made: Path) -> None:
    """The dump, and the counts of the very same snapshot."""
    with database.connect() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        (made / ROWS).write_text(json.dumps(count_rows(connection), indent=1))
        database.run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={row[0] if row else ''}",
            f"--file={made / DUMP}",
        )


def copy_media(media: Path, target: Path, before: Path | None) -> None:
    """Copy every file, or link the one of the backup before where it has it already."""
    for folder, _, names in os.walk(media):
        below = Path(folder).relative_to(media)
        (target / below).mkdir(mode=0o700)
        # A name with a dot in front is still being written; a file that is gone was deleted.
        for name in names:
            if not name.startswith("."):
                with contextlib.suppress(FileNotFoundError):
                    _copy_or_link(Path(folder, name), target / below / name, before, below / name)


def _copy_or_link(source: Path, target: Path, before: Path | None, name: Path) -> None:
    known = before / name if before else None
    if known and known.is_file() and known.stat().st_size == source.stat().st_size:
        target.hardlink_to(known)
    else:
        shutil.copy2(source, target)


def finished(folder: Path) -> list[Path]:
    """The backups, the oldest first."""
    return sorted(each for each in folder.iterdir() if each.is_dir() and each.name[:1].isdigit())


def remove_old(folder: Path, *, keep: int) -> None:
    """Keep the newest, and nothing of an attempt that did not come to its end."""
    for old in [*finished(folder)[:-keep], *folder.glob(UNFINISHED + "*")]:
        shutil.rmtree(old)


def sha256(path: Path) -> str:
    """The checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def media_folder() -> Path | None:
    """Where this host keeps pictures; None where another place does."""
    url = urlsplit(environment.load("production").media_backend_url)
    return Path(url.path) if url.scheme == "file" else None


def main() -> None:
    """Make a backup, remove the oldest, copy the new one away."""
    parser = argparse.ArgumentParser(prog="backup", description=__doc__)
    parser.add_argument("--to", type=Path, default=BACKUPS, help="the folder of the backups")
    parser.add_argument("--keep", type=int, default=7, help="how many stay")
    parser.add_argument(
        "--offsite",
        default=os.environ.get("JYOTI_BACKUP_URL", ""),
        help="s3://bucket/prefix to copy it to (default: JYOTI_BACKUP_URL)",
    )
    options = parser.parse_args()
    began = time.monotonic()
    with (options.to / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            made = backup(Database.of_services(), media_folder(), options.to)
            remove_old(options.to, keep=max(1, options.keep))
            if options.offsite:
                copy_offsite(made, options.offsite)
        except (psycopg.Error, OSError, subprocess.CalledProcessError) as error:
            say("backup_failed", level="ERROR", error=f"{type(error).__name__}: {error}")
            sys.exit(1)
    say(
        "backup_done",
        folder=made,
        bytes=(made / DUMP).stat().st_size,
        rows=sum(json.loads((made / ROWS).read_text()).values()),
        offsite=bool(options.offsite),
        seconds=round(time.monotonic() - began, 1),
    )


if __name__ == "__main__":
    main()
