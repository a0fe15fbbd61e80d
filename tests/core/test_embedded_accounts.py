"""PostgreSQL runs under root, under root without user namespaces, and under an ordinary account."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from core.embedded.binaries import (
    OLDEST_POSTGRES,
    find_postgres,
    postgres_candidates,
    postgres_major,
)
from core.embedded.children import Child
from core.embedded.folders import ServiceFolder, socket_folder
from core.embedded.postgres import Postgres
from core.embedded.root import NAMESPACE, choose_account, place_outside

ORDINARY = pwd.getpwnam("nobody")
START = """
import sys
from pathlib import Path
import psycopg
from core.embedded import ensure_services, release_services
urls = ensure_services("test", base=Path(sys.argv[1]))
with psycopg.connect(urls.database_url) as connection:
    (version,) = connection.execute("SHOW server_version").fetchone()
print(Path(sys.argv[1], "test", "postgres").stat().st_uid)
release_services("test", base=Path(sys.argv[1]))
"""
needs_namespaces = pytest.mark.skipif(
    subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode != 0,
    reason="user namespaces are switched off here",
)
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another account")
KNOWN = sorted(
    {folder for folder in postgres_candidates() if postgres_major(folder) >= OLDEST_POSTGRES}
)


def start(base: Path, *prefix: str) -> int:
    """Start and use the services in another process; the account that owns their folder."""
    done = subprocess.run(
        [*prefix, sys.executable, "-c", START, str(base)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def running(postgres: Postgres, owner: int) -> Iterator[int]:
    """Run the server without a keeper; its major version, as a query tells it."""
    sockets = socket_folder("", owner)
    child = Child(postgres.launch(sockets))
    try:
        wait_until(lambda: postgres.open_up(sockets))
        with psycopg.connect(postgres.url(sockets)) as connection:
            yield connection.info.server_version // 10_000
    finally:
        child.stop(grace_s=10)
        shutil.rmtree(sockets)


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A home folder that only its owner may enter, in a place where everybody may have one."""
    with tempfile.TemporaryDirectory() as home:
        yield Path(home)


def test_starts_for_this_account_under_a_closed_home(closed_home):
    assert start(closed_home / "services") == os.getuid()
    assert oct(closed_home.stat().st_mode & 0o777) == "0o700"


@needs_root
@needs_namespaces
def test_starts_for_an_ordinary_account(closed_home):
    # Inside a namespace the whole of it is an ordinary account, which can read this checkout.
    assert start(closed_home / "services", *NAMESPACE) == 1000


@needs_root
@needs_namespaces
def test_root_has_no_right_of_root_inside_its_namespace(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("of another account")
    secret.chmod(0o600)
    os.chown(secret, ORDINARY.pw_uid, ORDINARY.pw_gid)

    account = choose_account(tmp_path, find_postgres())

    assert account.run("id", "-u").stdout == "1000\n"
    assert account.run("cat", str(secret)).returncode != 0
    assert account.run("touch", str(tmp_path / "own")).returncode == 0


@pytest.fixture
def no_namespaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which `unshare` is not to be had."""
    with tempfile.TemporaryDirectory() as programs:
        Path(programs).chmod(0o755)
        Path(programs, "test").symlink_to(shutil.which("test"))
        monkeypatch.setenv("PATH", programs)
        yield


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """The data of a checkout in `tmp_path / "checkout"`, removed from /var/tmp afterwards."""
    home = tmp_path / "checkout"
    home.mkdir(mode=0o700)
    yield home
    shutil.rmtree(place_outside(home))


@needs_root
def test_without_namespaces_root_uses_a_system_account_and_data_in_var_tmp(no_namespaces, outside):
    postgres = Postgres(ServiceFolder(outside), "test")

    owner = postgres.prepare()

    assert owner != 0
    assert list(outside.iterdir()) == []
    with running(postgres, owner) as version:
        assert version >= OLDEST_POSTGRES


@needs_root
def test_programs_closed_to_the_system_account_are_copied_for_it(no_namespaces, outside, tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    package = find_postgres().parents[1]
    for source in (package, package.with_suffix(".libs")):
        shutil.copytree(source, hidden / source.name)
    binaries = hidden / package.name / "pginstall" / "bin"
    postgres = Postgres(ServiceFolder(outside), "test", binaries)

    with running(postgres, postgres.prepare()) as version:
        assert version == postgres_major(find_postgres())
    assert choose_account(outside, binaries).binaries.is_relative_to(place_outside(outside))


@pytest.mark.parametrize("binaries", KNOWN, ids=str)
def test_every_postgresql_of_this_machine_will_do(binaries, tmp_path):
    postgres = Postgres(ServiceFolder(tmp_path), "test", binaries)

    with running(postgres, postgres.prepare()) as version:
        assert version == postgres_major(binaries)
