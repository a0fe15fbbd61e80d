"""What becomes of releases that do not work, and of those that ran before."""

from pathlib import Path

import pytest

from tests.deploy.boot import release
from tests.deploy.boot.box import SERVICES, Box
from tests.deploy.long.crowd import Crowd, assert_nothing_was_lost


def pids(box: Box) -> list[int]:
    """The first processes of all services."""
    return [box.machine.main_pid(name) for name in SERVICES]


def break_pages(tree: Path) -> None:
    """The HTTP server ends while it starts."""
    with (tree / "config" / "wsgi.py").open("a") as code:
        code.write('\nraise RuntimeError("broken on purpose")\n')


def break_gateway(tree: Path) -> None:
    """HTTP works, the sockets don't."""
    (tree / "config" / "sockets.py").write_text('raise RuntimeError("broken on purpose")\n')


def break_migration(tree: Path) -> None:
    """The database refuses a migration."""
    last = max((tree / "core" / "migrations").glob("0*.py")).stem
    (tree / "core" / "migrations" / "9999_broken.py").write_text(
        "from django.db import migrations\n\n\n"
        "class Migration(migrations.Migration):\n"
        f'    dependencies = [("core", "{last}")]\n'
        '    operations = [migrations.RunSQL("SELECT 1 / 0", migrations.RunSQL.noop)]\n'
    )


@pytest.mark.parametrize("broken", [break_pages, break_gateway])
def test_a_release_that_does_not_run_is_taken_back_by_itself(box: Box, archive: Path, broken):
    before = box.version()
    name = broken.__name__.removeprefix("break_")
    said = box.deploy(release.another(archive, f"1.2.0-{name}", broken), check=False)
    assert f"{before} is back" in said
    box.wait_until_ready()
    assert box.version() == before
    assert all(pids(box))


def test_a_migration_that_fails_changes_nothing_that_runs(box: Box, crowd: Crowd, archive: Path):
    before, running = box.version(), pids(box)
    broken = release.another(archive, "1.2.0-migration", break_migration)
    with crowd.living() as run:
        said = box.deploy(broken, check=False)
    assert "the migration failed" in said
    assert (box.version(), pids(box)) == (before, running)
    assert_nothing_was_lost(run.seen)
    assert run.seen.closes == {}


def test_an_archive_with_another_checksum_is_refused(box: Box, archive: Path):
    before = box.version()
    damaged = release.another(archive, "1.2.0-damaged")
    with damaged.open("ab") as file:
        file.write(b"more")
    assert "another checksum" in box.deploy(damaged, check=False)
    assert box.version() == before


def test_rollback_brings_the_release_before_back_and_fails_nothing(
    box: Box, crowd: Crowd, archive: Path
):
    before = box.version()
    box.deploy(release.another(archive, "1.3.0"))
    assert box.version() == "1.3.0"
    with crowd.living() as run:
        box.machine.run("/opt/jyoti/current/deploy/bin/rollback")
    assert box.version() == before
    assert_nothing_was_lost(run.seen)
    assert run.seen.unannounced == 0


def test_only_the_last_releases_stay_on_the_box(box: Box, archive: Path):
    for version in ("1.4.0", "1.4.1", "1.4.2"):
        box.deploy(release.another(archive, version))
    kept = box.machine.shell("ls /opt/jyoti/releases").split()
    assert kept == ["1.4.0", "1.4.1", "1.4.2"]
