"""The delay of live messages, as the log tells it for the metric."""

import asyncio
import json
import logging

import pytest
from django.db import connection
from psycopg import AsyncConnection

from core.logs import logging_config
from messaging.consumers import sweep
from messaging.consumers.delays import MOST_KEPT, Delays
from messaging.consumers.running import running_gateway
from messaging.services.batcher import conninfo
from tests.messaging.conftest import message


@pytest.fixture
def reports(caplog):
    """The reports so far, as the log's own formatter writes them."""
    caplog.set_level(logging.INFO)
    formatter = logging_config("INFO")["formatters"]["json"]
    make = formatter.pop("()")

    def written():
        lines = [json.loads(make(**formatter).format(record)) for record in caplog.records]
        return [line for line in lines if line.get("event") == "message_delay"]

    formatter["fmt"] = "%(message)s"
    return written


def figures(report):
    return {name: report[name] for name in ("p50_ms", "p99_ms", "count")}


def test_a_report_has_the_median_and_the_worst_but_one_percent(reports):
    delays = Delays()
    for ms in range(1, 201):
        delays.add(ms / 1000)
    delays.report()
    assert [figures(report) for report in reports()] == [
        {"p50_ms": 100.0, "p99_ms": 198.0, "count": 200}
    ]


def test_each_report_begins_anew_and_a_silent_minute_has_none(reports):
    delays = Delays()
    delays.add(0.5)
    delays.report()
    delays.report()
    delays.add(0.002)
    delays.report()
    assert [figures(report) for report in reports()] == [
        {"p50_ms": 500.0, "p99_ms": 500.0, "count": 1},
        {"p50_ms": 2.0, "p99_ms": 2.0, "count": 1},
    ]


def test_of_very_many_a_fair_sample_is_kept(reports):
    delays = Delays()
    for number in range(10 * MOST_KEPT):
        delays.add(number / (10 * MOST_KEPT))
    assert len(delays._kept_s) == MOST_KEPT
    delays.report()
    (report,) = reports()
    assert report["count"] == 10 * MOST_KEPT
    assert 450 < report["p50_ms"] < 550
    assert 970 < report["p99_ms"] <= 1000


async def test_every_message_of_a_socket_counts_from_its_frame_to_the_sockets(
    connect, ann, bob, chat, reports
):
    tab, _ = await connect(ann), await connect(bob)
    for number in range(3):
        await tab.say(chat, str(number))
    running_gateway().delays.report()
    async with await AsyncConnection.connect(conninfo(connection.settings_dict)) as other:
        await other.execute("SELECT 1 FROM messaging_conversation WHERE id = %s FOR UPDATE", [chat])
        sent = tab.send("message.send", **message(chat, "held up"))
        await asyncio.sleep(0.15)
    await tab.answer(sent)
    running_gateway().delays.report()
    quick, slow = reports()
    assert quick["count"] == 3
    assert 0 < quick["p50_ms"] <= quick["p99_ms"]
    assert slow["count"] == 1
    assert slow["p50_ms"] == slow["p99_ms"] >= 150


async def test_the_gateway_reports_by_itself(connect, ann, chat, reports, monkeypatch):
    monkeypatch.setattr(sweep, "EVERY_S", 0.01)
    monkeypatch.setattr(sweep, "DELAYS_EVERY", 2)
    tab = await connect(ann)
    await tab.say(chat, "1")
    await asyncio.sleep(0.2)
    (report,) = reports()
    assert report["count"] == 1
