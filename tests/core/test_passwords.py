"""Password hashes cost what they should, take turns, and step back for everything else."""

import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import check_password, make_password

from core import passwords
from core.errors import UnavailableError
from core.turns import long_turn
from tests.house.rules import ROOT

HELD = "password", os.getpid() % passwords.SLOTS
STEADY = "core.passwords.SteadyBCryptSHA256PasswordHasher"


class FewRounds(passwords.SteadyBCryptSHA256PasswordHasher):
    rounds = 4


@pytest.fixture(autouse=True)
def hasher(settings, monkeypatch):
    """The one of production with fewer rounds, and less patience with a machine that tests."""
    monkeypatch.setattr(passwords, "IDLE_S", 1)
    settings.PASSWORD_HASHERS = [f"{__name__}.FewRounds"]


def test_production_hashes_with_twelve_rounds_and_tests_with_four(settings):
    settings.PASSWORD_HASHERS = [STEADY]
    assert make_password("a quiet harbour").startswith("bcrypt_sha256$$2b$12$")
    assert passwords.QuickBCryptSHA256PasswordHasher().rounds == 4


def test_the_hash_is_the_one_that_django_makes(settings):
    ours = make_password("a quiet harbour")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.BCryptSHA256PasswordHasher"]
    assert check_password("a quiet harbour", ours)
    assert not check_password("a quiet harbour ", ours)
    theirs = make_password("Grüße \n\0")
    settings.PASSWORD_HASHERS = [STEADY]
    assert check_password("Grüße \n\0", theirs)


def test_a_hash_waits_for_the_turn_of_another():
    with long_turn(HELD[0], slot=HELD[1]):
        waiting = threading.Thread(target=make_password, args=("a quiet harbour",))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(5)
    assert not waiting.is_alive()


def test_who_waited_leaves_a_pause_behind_the_hash_before_and_a_first_one_does_not(monkeypatch):
    pauses = []
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=pauses.append)
    monkeypatch.setattr(passwords, "time", clock)
    # Other tests of this machine take the same turns.
    monkeypatch.setattr(passwords, "QUEUED_S", 60)
    make_password("a quiet harbour")
    assert pauses == []
    monkeypatch.setattr(passwords, "QUEUED_S", 0.1)
    with long_turn(HELD[0], slot=HELD[1]):
        waiting = threading.Thread(target=make_password, args=("a quiet harbour",))
        waiting.start()
        waiting.join(0.2)
    waiting.join(5)
    assert pauses == [passwords.PAUSE_S]


def test_a_turn_that_does_not_come_is_told(monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_S", 0.2)
    with long_turn(HELD[0], slot=HELD[1]):
        began = time.monotonic()
        with pytest.raises(UnavailableError) as caught:
            make_password("a quiet harbour")
        assert 0.2 <= time.monotonic() - began < 2
    assert (caught.value.code, caught.value.retry_after) == ("busy", 5)
    monkeypatch.setattr(passwords, "WAIT_S", 20)
    assert make_password("a quiet harbour")


def test_a_machine_that_starts_no_process_is_busy(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with pytest.raises(UnavailableError) as caught:
        make_password("a quiet harbour")
    assert caught.value.code == "busy"


# Stands for bcrypt, and for the hash it gives how the process that asked for it is scheduled.
TELL = "def hashpw(*order): import os; return b'%d %d' % (os.sched_getscheduler(0), os.nice(0))"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a class for idle processes")
def test_a_hash_runs_behind_everything_else_and_at_last_with_a_share(tmp_path, monkeypatch):
    (tmp_path / "bcrypt.py").write_text(TELL)
    monkeypatch.setattr(passwords, "PACKAGES", str(tmp_path))
    monkeypatch.setattr(passwords, "IDLE_S", passwords.WAIT_S)
    nice = min(19, os.nice(0) + 10)
    assert passwords.hashpw(b"", b"").split()[0] == b"%d" % os.SCHED_IDLE
    monkeypatch.setattr(passwords, "IDLE_S", 0)
    assert passwords.hashpw(b"", b"") == b"%d %d" % (os.SCHED_OTHER, nice)


# Stands for bcrypt on a machine that leaves nothing for the idle class.
STARVE = """
import os, time
def hashpw(*order):
    if os.sched_getscheduler(0) == os.SCHED_IDLE:
        time.sleep(60)
    return b"made with a share"
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a class for idle processes")
def test_a_hash_that_gets_nothing_of_a_busy_machine_is_made_with_a_share(tmp_path, monkeypatch):
    (tmp_path / "bcrypt.py").write_text(STARVE)
    monkeypatch.setattr(passwords, "PACKAGES", str(tmp_path))
    assert passwords.hashpw(b"", b"") == b"made with a share"


FORKED = """
import os, django
django.setup()
from core.passwords import gensalt, hashpw
hashpw(b"before", gensalt(4))
child = os.fork()
if child == 0:
    os._exit(0 if hashpw(b"after", gensalt(4)).startswith(b"$2b$04$") else 1)
print(os.waitpid(child, 0)[1])
"""


def test_a_process_that_forked_hashes_by_itself():
    ran = subprocess.run(
        [sys.executable, "-c", FORKED],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stdout, ran.returncode) == ("0\n", 0), ran.stderr
