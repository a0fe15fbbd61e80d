"""Embedded services: shared by their users, ended with the last, there again after any kill."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from django.conf import settings

from core.embedded import EmbeddedServiceError, ServiceUrls, ensure_services, release_services
from core.embedded.folders import ServiceFolder, ServiceState
from core.embedded.processes import ProcessIdentity

USER = """
import json, sys
from pathlib import Path
from core.embedded import ensure_services
urls = ensure_services("test", base=Path(sys.argv[1]))
print(json.dumps([urls.database_url, urls.redis_url]), flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the services until it is closed or killed."""

    def __init__(self, base: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", USER, str(base)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def urls(self) -> ServiceUrls:
        return ServiceUrls(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """A place for services of its own; they end with their users, which is waited for."""
    yield tmp_path
    wait_until(lambda: not any(running(folder) for folder in places(tmp_path)), "all have ended")


@pytest.fixture
def use(base: Path) -> Iterator[Callable[..., User]]:
    """`use()`: one more user of the services in `base`."""
    users: list[User] = []

    def start(folder: Path = base) -> User:
        users.append(User(folder))
        return users[-1]

    yield start
    for user in users:
        user.close()


def folder_of(base: Path, name: str) -> ServiceFolder:
    return ServiceFolder(base / "test" / name)


def keeper_of(base: Path, name: str) -> psutil.Process:
    (keeper,) = [process for process in running(base) if process.cmdline()[-2] == name]
    return keeper


def server_of(base: Path, name: str) -> psutil.Process:
    state = folder_of(base, name).read_state()
    return psutil.Process(state.child.pid)


def running(base: Path) -> list[psutil.Process]:
    """The keepers of the services in `base`."""
    words = ["core.embedded.keeper", str(base)]
    return [process for process in psutil.process_iter() if words == _words(process)[2:4]]


def places(base: Path) -> list[Path]:
    return [base, *base.iterdir()]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def has_ended(process: psutil.Process) -> bool:
    """Gone, or a zombie that nobody has asked about yet."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def query(urls: ServiceUrls, statement: str) -> list[tuple]:
    with psycopg.connect(urls.database_url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def answers(urls: ServiceUrls) -> bool:
    try:
        query(urls, "SELECT 1")
        return redis.Redis.from_url(urls.redis_url).ping()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def test_both_answer_with_what_the_application_needs(use):
    urls = use().urls()

    assert query(urls, "SELECT current_user, current_database()") == [("jyoti", "jyoti")]
    assert query(urls, "SELECT count(*) > 0 FROM pg_stat_statements") == [(True,)]
    assert query(urls, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'jyoti'") == [
        (False, True)
    ]
    assert query(urls, "SELECT upper('é'), current_setting('server_encoding')") == [("É", "UTF8")]
    cache = redis.Redis.from_url(urls.redis_url)
    assert cache.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert cache.config_get("save") == {"save": ""}


def test_no_other_account_can_reach_them(use, base):
    urls = use().urls()

    assert query(urls, "SHOW listen_addresses") == [("",)]
    assert redis.Redis.from_url(urls.redis_url).config_get("port") == {"port": "0"}
    for name in ("postgres", "valkey"):
        sockets = Path(folder_of(base, name).read_state().sockets)
        assert oct(sockets.stat().st_mode & 0o777) == "0o700"
        assert oct(folder_of(base, name).path.stat().st_mode & 0o777) == "0o700"


def test_users_that_start_at_once_share_one_server(use, base):
    users = [use() for _ in range(3)]

    assert len({user.urls() for user in users}) == 1
    assert len(running(base)) == 2


def test_they_stay_for_the_last_user_and_end_with_it_even_when_it_is_killed(use, base):
    first, second = use(), use()
    urls = first.urls()
    second.urls()
    servers = [server_of(base, name) for name in ("postgres", "valkey")]
    sockets = Path(folder_of(base, "postgres").read_state().sockets)

    first.close()
    time.sleep(1)
    assert answers(urls)

    second.kill()
    wait_until(lambda: not running(base), "the keepers ended")
    assert all(has_ended(server) for server in servers)
    assert not sockets.exists()


def test_killed_servers_come_back_at_the_same_address_with_their_data(use, base):
    urls = use().urls()
    query(urls, "CREATE TABLE kept AS SELECT 7 AS number")

    for name in ("postgres", "valkey"):
        server_of(base, name).kill()
    wait_until(lambda: not answers(urls), "the servers are gone")

    wait_until(lambda: answers(urls), "the servers are back")
    assert query(urls, "SELECT number FROM kept") == [(7,)]


def test_next_start_works_after_everything_was_killed(use, base):
    user = use()
    urls = user.urls()
    query(urls, "CREATE TABLE kept AS SELECT 7 AS number")
    servers = [server_of(base, name) for name in ("postgres", "valkey")]

    for process in [*running(base), *servers]:
        process.kill()
    user.kill()

    assert query(use().urls(), "SELECT number FROM kept") == [(7,)]


def test_server_goes_with_its_killed_keeper_and_the_next_start_works(use, base):
    user = use()
    user.urls()
    old = server_of(base, "postgres")
    for name in ("postgres", "valkey"):
        keeper_of(base, name).kill()
    user.kill()

    urls = use().urls()

    assert answers(urls)
    assert has_ended(old)
    assert server_of(base, "postgres") != old


def test_two_checkouts_run_side_by_side(use, base):
    here, there = use(base / "here").urls(), use(base / "there").urls()
    query(here, "CREATE TABLE only_here (number int)")

    assert here.database_url != there.database_url
    assert here.redis_url != there.redis_url
    assert query(there, "SELECT to_regclass('only_here')") == [(None,)]


def test_copied_checkout_leaves_the_servers_of_the_original_alone(use, base, tmp_path):
    original = use().urls()
    server = server_of(base, "postgres")
    copy = tmp_path / "copy"
    shutil.copytree(base / "test", copy / "test")

    copied = use(copy).urls()

    assert answers(original)
    assert answers(copied)
    assert not has_ended(server)
    assert copied != original


def test_recycled_pid_is_not_killed(use, base):
    user = use()
    user.urls()
    user.close()
    wait_until(lambda: not running(base), "the keepers ended")
    bystander = subprocess.Popen(["/bin/sleep", "60"])
    folder = folder_of(base, "postgres")
    folder.write_state(
        ServiceState(
            folder_inode=folder.inode, sockets="", child=ProcessIdentity(bystander.pid, "before")
        )
    )
    (cluster,) = folder.path.glob("data-*")
    (cluster / "postmaster.pid").write_text(f"{bystander.pid}\n{cluster}\n")
    try:
        assert answers(use().urls())
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_what_the_server_says_is_told_when_it_does_not_start(base):
    cluster = base / "test" / "postgres" / "data-18"
    cluster.mkdir(parents=True)

    with pytest.raises(EmbeddedServiceError, match=r"could not access .*data-18"):
        ensure_services("test", redis_url="redis://given", base=base)
    release_services("test", base=base)


def test_given_address_is_kept_and_nothing_is_started_for_it(base):
    urls = ensure_services("test", database_url="postgresql://a", redis_url="redis://b", base=base)

    assert urls == ServiceUrls("postgresql://a", "redis://b")
    assert list(base.iterdir()) == []


def test_folder_of_another_account_is_named(base):
    (base / "test").write_text("in the way")

    with pytest.raises(
        EmbeddedServiceError, match=f"{base / 'test' / 'postgres'} cannot be written"
    ):
        ensure_services("test", base=base)


def test_release_waits_until_they_have_ended(base):
    urls = ensure_services("test", base=base)
    assert answers(urls)

    release_services("test", base=base)

    assert not running(base)
    assert not answers(urls)
