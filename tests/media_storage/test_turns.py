"""At most two decode at once on a machine, whoever they are and however they end."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from core.errors import UnavailableError
from core.turns import turn, turns
from media_storage.backends.decoder import BACKGROUND, PERSON, Haste, decode_turn
from media_storage.backends.probe import Claim
from tests.media_storage import pictures

HOLD = """
import sys, tempfile, time
tempfile.tempdir = sys.argv[1]
from core.turns import turn, turns
with turn("decode", slots=range(2), wait_s=1):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder():
    """`holder()`: another process that holds a turn until it is killed."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, tempfile.gettempdir()],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        started.append(process)
        assert process.stdout.readline() == b"held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_services_with_temporary_folders_of_their_own_share_turns_in_the_runtime_directory(
    holder, settings, tmp_path, monkeypatch
):
    """As PrivateTmp gives them; without the variable each would have two turns."""
    shared, own = tmp_path / "run", tmp_path / "own"
    shared.mkdir()
    own.mkdir()
    settings.RUNTIME_DIRECTORY = str(shared)
    monkeypatch.setenv("JYOTI_RUNTIME_DIRECTORY", str(shared))
    holder()
    holder()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    with pytest.raises(UnavailableError), turn("decode", slots=range(2), wait_s=0):
        pass
    assert list(own.iterdir()) == []
    settings.RUNTIME_DIRECTORY = ""
    with turn("decode", slots=range(2), wait_s=0):
        pass


def test_the_third_waits_and_gets_busy(holder):
    holder()
    with turn("decode", slots=range(2), wait_s=0):
        start = time.monotonic()
        with pytest.raises(UnavailableError) as caught, turn("decode", slots=range(2), wait_s=0.3):
            pass
    assert 0.3 <= time.monotonic() - start < 2
    assert (caught.value.code, caught.value.retry_after) == ("busy", 5)
    with turn("decode", slots=range(2), wait_s=0):
        pass


def test_a_turn_ends_with_a_killed_process(holder):
    first, second = holder(), holder()
    with pytest.raises(UnavailableError), turn("decode", slots=range(2), wait_s=0):
        pass
    os.kill(first.pid, signal.SIGKILL)
    with turn("decode", slots=range(2), wait_s=5):
        assert second.poll() is None


def test_who_waits_gets_the_turn_that_becomes_free():
    held, got = threading.Event(), []

    def hold():
        with turn("decode", slots=range(1), wait_s=1):
            held.set()
            time.sleep(0.2)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with turn("decode", slots=range(1), wait_s=5) as slot:
        got.append(slot)
    thread.join()
    assert len(got) == 1


def test_background_work_leaves_a_turn_to_people():
    with turn("decode", slots=BACKGROUND.slots, wait_s=0):
        with pytest.raises(UnavailableError), turn("decode", slots=BACKGROUND.slots, wait_s=0):
            pass
        with turn("decode", slots=PERSON.slots, wait_s=0):
            pass


@pytest.mark.django_db
def test_an_upload_that_gets_no_turn_in_5_seconds_is_told_to_come_back(send, holder, kept):
    holder()
    holder()
    start = time.monotonic()
    answer = send(pictures.jpeg())
    assert 5 <= time.monotonic() - start < 8
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"] == "5"
    assert kept() == set()


def test_a_folder_of_somebody_else_is_not_used():
    folder = Path(tempfile.gettempdir()) / f"jyoti-{os.geteuid()}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(PermissionError), turn("decode", slots=range(2), wait_s=0):
        pass


def test_several_turns_are_had_together_or_not_at_all():
    with turns("many", count=4, slots=range(6), wait_s=0) as held:
        assert len(set(held)) == 4
        with pytest.raises(UnavailableError), turns("many", count=3, slots=range(6), wait_s=0.1):
            pass
        with turns("many", count=2, slots=range(6), wait_s=0) as others:
            assert len(others) == 2
    with turns("many", count=6, slots=range(6), wait_s=0):
        pass


def test_what_needs_much_memory_waits_for_what_has_it():
    large = Claim("WEBP", "image/webp", 5000, 4000)
    small = Claim("JPEG", "image/jpeg", 4000, 3000)
    soon = Haste(5, 5.0, 0.1, range(2))
    with decode_turn(small, soon) as held:
        assert len(held) == 2
        with pytest.raises(UnavailableError), decode_turn(large, soon):
            pass
        with decode_turn(small, soon):
            pass
    with decode_turn(large, soon), pytest.raises(UnavailableError), decode_turn(small, soon):
        pass
