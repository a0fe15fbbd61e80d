"""Health routes: what the balancer asks, what the alarm asks, and what touches nothing."""

import threading
import time

import pytest

from core import health


def test_alive_asks_no_database(client):
    assert client.get("/healthz").json()["status"] == "ok"


@pytest.mark.django_db
def test_ready_and_deep_are_ok_when_all_is_well(client):
    assert client.get("/readyz").json() == {"status": "ok", "failing": []}
    assert client.get("/healthz/deep").status_code == 200


@pytest.mark.django_db
def test_an_outage_that_all_hosts_share_does_not_empty_the_balancer(client, no_redis):
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "degraded", "failing": ["redis"]})
    deep = client.get("/healthz/deep")
    assert (deep.status_code, deep.json()["failing"]) == (503, {"redis": "ConnectionError"})


@pytest.mark.django_db
def test_a_draining_process_asks_for_nobody_new_and_logs_no_error(client, monkeypatch, caplog):
    monkeypatch.setitem(health._state, "draining", False)
    health.start_draining()
    assert client.get("/readyz").status_code == 503
    assert caplog.records == []
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_part_that_hangs_delays_the_answer_by_a_second_and_no_more(client, monkeypatch):
    hanging = threading.Event()
    monkeypatch.setitem(health._PROBES, "database", health._Probe(hanging.wait))
    began = time.monotonic()
    for _ in range(2):
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["failing"]) == (200, ["database"])
    assert time.monotonic() - began < 2 * health.PROBE_S + 0.8
    hanging.set()
