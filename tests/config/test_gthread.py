"""How requests come to their threads; gunicorn around it is held by tests/deploy/test_units_gunicorn."""

import threading

import pytest
from gunicorn.config import Config
from gunicorn.workers.workertmp import WorkerTmp

from config.gthread import SIGN_OF_LIFE_S, Outcome, QuickThreadWorker, Threads


def test_all_threads_work_at_once_and_end():
    before, together = threading.active_count(), threading.Barrier(4)
    threads = Threads(3)
    for _ in range(3):
        threads.submit(lambda: together.wait(5) and None)
    assert together.wait(5) in range(4)
    threads.shutdown(wait=True)
    assert threading.active_count() == before


def test_what_is_in_hand_is_done_before_they_end():
    done = []
    threads = Threads(1)
    for number in range(5):
        threads.submit(lambda number=number: done.append(number))
    threads.shutdown(wait=True)
    assert done == [0, 1, 2, 3, 4]


def test_the_loop_learns_what_came_of_a_request():
    kept, failed = Outcome(), Outcome()
    kept.value, failed.error = True, SystemExit(3)
    assert (kept.cancelled(), kept.result(), Outcome().result()) == (False, True, False)
    with pytest.raises(SystemExit):
        failed.result()


def test_a_sign_of_life_is_given_once_in_a_while():
    worker = QuickThreadWorker.__new__(QuickThreadWorker)
    worker.tmp = WorkerTmp(Config())
    worker.notify()
    first = worker.tmp.last_update()
    worker.notify()
    assert worker.tmp.last_update() == first
    worker._signed_at -= SIGN_OF_LIFE_S
    worker.notify()
    assert worker.tmp.last_update() > first
    worker.tmp.close()
