"""Password hashes cost what they should, take turns, and step back for everything else."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.contrib.auth.hashers import check_password, make_password

from core import passwords
from core.errors import UnavailableError
from core.turns import long_turn
from tests.house.rules import ROOT

HELD = "password", os.getpid() % passwords.SLOTS


def test_production_hashes_with_twelve_rounds_and_tests_with_four():
    assert passwords.SteadyBCryptSHA256PasswordHasher().rounds == 12
    assert make_password("a quiet harbour").startswith("bcrypt_sha256$$2b$04$")


def test_the_hash_is_the_one_that_django_makes(settings):
    ours = make_password("a quiet harbour")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.BCryptSHA256PasswordHasher"]
    assert check_password("a quiet harbour", ours)
    assert not check_password("a quiet harbour ", ours)


def test_a_hash_waits_for_the_turn_of_another():
    with long_turn(HELD[0], slot=HELD[1]):
        waiting = threading.Thread(target=make_password, args=("a quiet harbour",))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_turn_that_does_not_come_is_told(monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_S", 0.2)
    with long_turn(HELD[0], slot=HELD[1]):
        began = time.monotonic()
        with pytest.raises(UnavailableError) as caught:
            make_password("a quiet harbour")
        assert 0.2 <= time.monotonic() - began < 2
    assert (caught.value.code, caught.value.retry_after) == ("busy", 5)
    assert make_password("a quiet harbour")


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux")
def test_hashes_run_behind_everything_else():
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    make_password("a quiet harbour")
    assert passwords._hashing().submit(priority).result() == min(19, passwords.NICE)
    assert priority() < passwords.NICE


FORKED = """
import os, django
django.setup()
from django.contrib.auth.hashers import make_password
make_password("before")
child = os.fork()
if child == 0:
    os._exit(0 if make_password("after").startswith("bcrypt") else 1)
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
