"""Whatever an operator restarts while people use the box: no request fails, no message is lost."""

from pathlib import Path

import pytest

from tests.deploy.boot import release
from tests.deploy.boot.box import Box
from tests.deploy.boot.machine import lines, until
from tests.deploy.long.crowd import Crowd, assert_nothing_was_lost

#: Every socket is back within this, jitter and catching up included.
BACK_S = 15.0
#: A job of a killed worker is taken again within this.
STALLED_S = 180


def workers(box: Box, unit: str) -> set[int]:
    """The children of a unit's first process."""
    answer = box.machine.run("ps", "--ppid", str(box.machine.main_pid(unit)), "-o", "pid=")
    return {int(pid) for pid in lines(answer.stdout)}


def test_a_restart_of_http_fails_no_request(box: Box, crowd: Crowd):
    before = box.machine.main_pid("jyoti-http")
    with crowd.living() as run:
        for _ in range(2):
            box.machine.systemctl("restart", "jyoti-http")
    assert box.machine.main_pid("jyoti-http") not in (before, 0)
    assert_nothing_was_lost(run.seen)
    assert run.seen.closes == {}


def test_a_reload_of_http_replaces_its_workers_and_fails_no_request(box: Box, crowd: Crowd):
    main, before = box.machine.main_pid("jyoti-http"), workers(box, "jyoti-http")
    assert len(before) >= 2
    with crowd.living() as run:
        box.machine.systemctl("reload", "jyoti-http")
        until(lambda: not workers(box, "jyoti-http") & before, 40)
    assert box.machine.main_pid("jyoti-http") == main
    assert_nothing_was_lost(run.seen)


def test_a_restart_of_the_gateway_tells_every_socket_and_loses_no_message(box: Box, crowd: Crowd):
    before = box.machine.main_pid("jyoti-ws")
    with crowd.living() as run:
        box.machine.systemctl("restart", "jyoti-ws")
        until(lambda: box.status("/readyz", 8082) == 200, 20)
    assert box.machine.main_pid("jyoti-ws") not in (before, 0)
    seen = run.seen
    assert_nothing_was_lost(seen)
    assert seen.closes == {"1012": seen.people}
    assert (seen.restarting, seen.unannounced) == (seen.people, 0)
    assert seen.back_s.count == seen.people
    assert seen.back_s.most <= BACK_S


def test_a_killed_worker_is_back_and_takes_its_jobs(box: Box, crowd: Crowd):
    before = box.machine.main_pid("jyoti-worker")
    with crowd.living() as run:
        box.machine.shell(f"kill -9 {before}")
        until(lambda: box.machine.main_pid("jyoti-worker") not in (before, 0), 20)
    assert_nothing_was_lost(run.seen)
    # A job that died with its worker is put back after its heart has stopped for long enough.
    until(lambda: open_jobs(box) == 0, STALLED_S, lambda: f"{open_jobs(box)} jobs were left")


def open_jobs(box: Box) -> int:
    """Jobs that are due and not done."""
    question = (
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND (scheduled_at IS NULL OR scheduled_at < now()) AND queue_name IN ('live', 'media')"
    )
    answer = box.machine.run(
        *("runuser", "-u", "postgres", "--"), *("psql", "-At", "-d", "jyoti", "-c", question)
    )
    return int(answer.stdout)


@pytest.mark.parametrize("server", ["http", "ws"])
def test_a_killed_server_is_started_again(box: Box, server: str):
    port = {"http": 8081, "ws": 8082}[server]
    before = box.machine.main_pid(f"jyoti-{server}")
    box.machine.shell(f"kill -9 {before}")
    until(lambda: box.machine.main_pid(f"jyoti-{server}") not in (before, 0), 20)
    until(lambda: box.status("/readyz", port) == 200, 20)


def test_a_new_release_fails_no_request_and_runs(box: Box, crowd: Crowd, archive: Path):
    before = box.version()
    newer = release.another(archive, "1.1.0")
    with crowd.living(post_every_s=20) as run:
        said = box.deploy(newer)
    assert box.version() == "1.1.0", said
    seen = run.seen
    assert_nothing_was_lost(seen)
    assert set(seen.versions) <= {before, "1.1.0"}
    assert seen.closes == {"1012": seen.people}
    assert seen.unannounced == 0
    assert seen.back_s.count == seen.people
    assert seen.back_s.most <= BACK_S
