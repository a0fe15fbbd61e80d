"""A database that is away holds one caller at a time, not all of them."""

import socket
import threading
import time

import psycopg
import pytest
from django.db import connection

from core.database import breaker as module
from core.database.breaker import Breaker

AWAY = "postgresql://jyoti@127.0.0.1:1/jyoti"


@pytest.fixture
def mute():
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://jyoti@127.0.0.1:{server.getsockname()[1]}/jyoti?connect_timeout=2"


def failure_of(breaker: Breaker, address: str) -> str:
    with pytest.raises(psycopg.OperationalError) as raised:
        breaker.attempt(lambda: psycopg.connect(address))
    return str(raised.value)


def test_after_a_failure_nobody_asks_for_a_moment():
    breaker = Breaker()
    assert "refused" in failure_of(breaker, AWAY)
    assert failure_of(breaker, AWAY) == "the database did not answer a moment ago"


def test_then_one_asks_and_the_others_are_told_at_once(mute, monkeypatch):
    monkeypatch.setattr(module, "PAUSE_S", 0.05)
    breaker = Breaker()
    failure_of(breaker, AWAY)
    time.sleep(0.1)
    asking = threading.Thread(target=failure_of, args=(breaker, mute))
    asking.start()
    time.sleep(0.2)
    began = time.monotonic()
    assert failure_of(breaker, mute) == "the database did not answer a moment ago"
    assert time.monotonic() - began < 0.5
    asking.join()


def test_who_waits_for_the_outcome_gets_in_when_it_is_good(monkeypatch):
    monkeypatch.setattr(module, "PAUSE_S", 0.0)
    breaker, answered = Breaker(), threading.Event()
    failure_of(breaker, AWAY)
    asking = threading.Thread(target=breaker.attempt, args=(answered.wait,))
    asking.start()
    threading.Timer(0.1, answered.set).start()
    assert breaker.attempt(lambda: "connected") == "connected"
    asking.join()


@pytest.mark.django_db
def test_an_answer_opens_it_again(monkeypatch):
    connection.ensure_connection()
    breaker, address = Breaker(), connection.connection.info.dsn
    failure_of(breaker, AWAY)
    monkeypatch.setattr(module, "PAUSE_S", 0.0)
    for _ in range(2):
        breaker.attempt(lambda: psycopg.connect(address)).close()


def test_an_attempt_that_breaks_otherwise_keeps_nobody_out_for_ever(monkeypatch):
    monkeypatch.setattr(module, "PAUSE_S", 0.0)
    breaker = Breaker()
    failure_of(breaker, AWAY)
    with pytest.raises(OSError, match="no such file"):
        breaker.attempt(_broken)
    assert breaker.attempt(lambda: "connected") == "connected"


def _broken():
    raise OSError("no such file")
