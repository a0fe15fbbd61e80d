"""What people notice when a host, the database or the cache is cut off, and when it is back."""

import json
import time

import pytest

from tests.deploy.boot.machine import until
from tests.deploy.hosts.conftest import Site
from tests.deploy.hosts.parts import Application
from tests.deploy.hosts.units import constants
from tests.deploy.long.crowd import (
    Crowd,
    assert_chat_kept_its_promises,
    assert_nothing_was_lost,
)

#: A socket whose host vanished is noticed by its own client: heartbeat 25 s, answer 10 s, way back.
MOVED_S = 50.0
BACK_S = 30.0
CUT_S = 20.0
# Two checks of half a second, and the balancer's next look.
NOTICED_S = 5.0


def test_a_healthy_site_uses_both_hosts_and_fails_nothing(site: Site, crowd: Crowd):
    before = [site.balancer.requests_at(application) for application in site.applications]
    with crowd.living() as run:
        time.sleep(8)
        sockets = [site.balancer.sockets_at(application) for application in site.applications]
    after = [site.balancer.requests_at(application) for application in site.applications]
    assert_nothing_was_lost(run.seen)
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))
    assert sum(sockets) == run.seen.people
    assert min(sockets) > 0


@pytest.mark.parametrize("number", [0, 1])
def test_a_lost_host_fails_only_the_requests_in_flight_and_loses_no_message(
    site: Site, crowd: Crowd, number: int
):
    lost, other = site.applications[number], site.applications[1 - number]
    # One host decodes half as many pictures as two: refusing some of many would be no fault.
    with crowd.living(post_every_s=120) as run:
        cut_at = site.network.cut(lost.host)
        try:
            until(lambda: not site.balancer.is_up(lost), NOTICED_S)
            until(lambda: site.balancer.sockets_at(other) >= run_size(crowd), MOVED_S, site.logs)
        finally:
            site.network.join(lost.host)
        until(lambda: site.is_whole, BACK_S, site.logs)
        away = site.balancer.requests_at(lost)
        time.sleep(5)
        assert site.balancer.requests_at(lost) > away
    seen = run.seen
    assert_chat_kept_its_promises(seen)
    assert [failure for failure in seen.failures if failure.began > cut_at] == []
    assert len(seen.failures) <= seen.people


def test_a_drained_host_hands_over_everybody_and_fails_nothing(site: Site, crowd: Crowd):
    spread_s = constants()["seconds"]["websocket_drain_host"]
    with crowd.living() as run:
        for leaving in site.applications:
            leaving.drain()
            until(lambda host=leaving: ready(host)[0] == 503, 5)
            until(lambda host=leaving: not site.balancer.is_up(host), NOTICED_S)
            until(lambda host=leaving: site.balancer.sockets_at(host) == 0, spread_s + 10)
            leaving.take_part()
            until(lambda: site.is_whole, BACK_S, site.logs)
    seen = run.seen
    assert_nothing_was_lost(seen)
    assert set(seen.closes) == {"1012"}
    assert seen.closes["1012"] >= seen.people
    assert seen.unannounced == 0


def test_while_the_database_is_cut_off_hosts_stay_ready_and_say_degraded(site: Site, crowd: Crowd):
    with crowd.living() as run:
        site.network.cut(site.database)
        try:
            began = time.monotonic()
            while time.monotonic() < began + CUT_S:
                assert site.is_whole, site.logs()
                time.sleep(0.5)
            states = [ready(application) for application in site.applications]
        finally:
            site.network.join(site.database)
        until(lambda: all(ready(app)[1]["status"] == "ok" for app in site.applications), BACK_S)
        time.sleep(10)
    degraded = (200, {"status": "degraded", "failing": ["database"]})
    assert states == [degraded, degraded]
    assert_chat_kept_its_promises(run.seen)


def test_after_the_database_was_away_nothing_fails_any_more(site: Site, crowd: Crowd):
    site.network.cut(site.database)
    time.sleep(CUT_S)
    site.network.join(site.database)
    until(lambda: all(ready(app)[1]["status"] == "ok" for app in site.applications), BACK_S)
    until(lambda: site.is_whole, BACK_S, site.logs)
    with crowd.living() as run:
        time.sleep(8)
    assert_nothing_was_lost(run.seen)


def test_while_the_cache_is_cut_off_no_acknowledged_message_is_lost(site: Site, crowd: Crowd):
    with crowd.living() as run:
        site.network.cut(site.cache)
        try:
            time.sleep(CUT_S)
            states = [ready(application) for application in site.applications]
        finally:
            site.network.join(site.cache)
        until(lambda: all(ready(app)[1]["status"] == "ok" for app in site.applications), BACK_S)
        time.sleep(10)
    assert [(status, state["failing"]) for status, state in states] == [(200, ["redis"])] * 2
    assert_chat_kept_its_promises(run.seen)


def ready(application: Application) -> tuple[int, dict]:
    """What the balancer hears from a host's HTTP server."""
    table = constants()
    status, body = application.answer(table["routes"]["ready"], table["ports"]["http"])
    return status, json.loads(body or "{}")


def run_size(crowd: Crowd) -> int:
    """How many people there are, each with one socket."""
    return len(json.loads((crowd.folder / "people.json").read_text()))
