"""The whole single box in systemd-nspawn, used by a hundred people from outside of it.

The crowd shares the machine's cores with the box, and enters its network alone; the way to nginx is the
loopback with TLS.
"""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.harness import Result, machine, progress, today
from benchmarks.people.report import Report
from tests.deploy.boot import memory, release
from tests.deploy.boot.box import SHELF, URL, Box, install
from tests.deploy.boot.machine import Machine, until
from tests.deploy.boot.root import CACHE, copy_of, debian
from tests.deploy.hosts.units import constants
from tests.deploy.long.crowd import Crowd
from tests.deploy.long.needs import missing

PEOPLE, ACTIVE = 100, 20
LASTS_S: Final = 300
# Decoders of pictures come and go: the profile counts at its largest, a unit as it mostly is.
LOOKS, LOOK_EVERY_S = 12, 5.0
NEEDS: Final = ("root", "namespaces", "nspawn", "debootstrap", "zstd")
UNITS: Final = {
    "http": "jyoti-http.service",
    "websocket": "jyoti-ws.service",
    "worker": "jyoti-worker.service",
    "valkey": "redis-server.service",
}
API_P95_MS, MESSAGE_P99_MS, BACK_S = 200.0, 50.0, 15.0


def run() -> Iterator[Result]:
    """Memory, latency and delay after five minutes; then every way to restart, under the same load.

    Raises RuntimeError that names what is missing on this machine.
    """
    if lacking := missing(NEEDS):
        raise RuntimeError(f"deploy was not measured: this machine has no {'; no '.join(lacking)}")
    archive = release.built()
    with _running(archive) as box, tempfile.TemporaryDirectory() as folder:
        crowd = _crowd(box, Path(folder))
        yield from _five_minutes(box, crowd)
        yield from _restarts(box, crowd, archive)


def _five_minutes(box: Box, crowd: Crowd) -> Iterator[Result]:
    progress(f"{PEOPLE} people for {LASTS_S} s")
    with crowd.living(post_every_s=120) as living:
        time.sleep(LASTS_S - LOOKS * LOOK_EVERY_S)
        looks = list(_looks(box))
        load = machine()
    seen = living.seen
    limits = constants()["limits"]
    profile = max(memory.without_database(units) for units in looks)
    yield _result("pss.profile", profile, "MB", len(looks), limits["profile"], load=load)
    for name, unit in UNITS.items():
        value = median(units[unit] for units in looks)
        yield _result(f"pss.{name}", value, "MB", len(looks), limits[name], load=load)
    yield _result("api.p50", seen.api.p50, "ms", seen.api.count, None, load=load)
    yield _result("api.p95", seen.api.p95, "ms", seen.api.count, API_P95_MS, load=load)
    delay = seen.message_delay
    yield _result("message.p50", delay.p50, "ms", delay.count, None, load=load)
    yield _result("message.p99", delay.p99, "ms", delay.count, MESSAGE_P99_MS, load=load)
    yield _result("failed", _wrong(seen), "requests", seen.api.count, 0, load=load)


def _looks(box: Box) -> Iterator[dict[str, float]]:
    for _ in range(LOOKS):
        yield memory.by_unit(box.machine)
        time.sleep(LOOK_EVERY_S)


def _restarts(box: Box, crowd: Crowd, archive: Path) -> Iterator[Result]:
    """Restart and reload of HTTP, restart of the gateway, and a new release, one after the other."""
    progress("restarts, a reload and a new release under the same load")
    newer, before = release.another(archive, "1.1.0"), box.main_pids()
    with crowd.living(post_every_s=60) as living:
        for words in (("restart", "jyoti-http"), ("reload", "jyoti-http"), ("restart", "jyoti-ws")):
            box.machine.systemctl(*words)
            until(box.is_ready, 60)
            time.sleep(5)
        box.deploy(newer)
        load = machine()
    if box.version() != "1.1.0" or set(before) & set(box.main_pids()):
        raise RuntimeError("nothing was restarted, so that this shows nothing")
    seen, back = living.seen, living.seen.back_s
    told = seen.closes.get("1012", 0) - seen.unannounced
    yield _result("restart.failed", _wrong(seen), "requests", seen.api.count, 0, load=load)
    yield _result(
        "restart.sockets_untold", sum(seen.closes.values()) - told, "sockets", told, 0, load=load
    )
    yield _result("restart.back", back.most, "s", back.count, BACK_S, load=load)


def _wrong(seen: Report) -> int:
    """Failed requests, broken promises, and messages that were never acknowledged."""
    for failure in seen.failures[:10]:
        progress(f"failed: {failure.what}: {failure.reason}")
    for words in seen.broken[:10]:
        progress(f"broken: {words}")
    return len(seen.failures) + len(seen.broken) + seen.sent - seen.acknowledged


@contextmanager
def _running(archive: Path) -> Iterator[Box]:
    root = CACHE / "measured"
    copy_of(debian(), root)
    booted = Machine(root, CACHE / "measured.log", {SHELF: archive.parent})
    progress("booting, bootstrapping and deploying")
    booted.boot()
    try:
        yield install(booted, archive)
    finally:
        booted.power_off()


def _crowd(box: Box, folder: Path) -> Crowd:
    seed = secrets.randbelow(1_000_000)
    progress(f"making {PEOPLE} people (seed {seed})")
    people = Crowd(
        enter=box.machine.enter_network,
        url=URL,
        address="127.0.0.1",
        folder=folder,
        seed=seed,
        certificate=box.certificate(folder),
        vouch=box.vouch,
    )
    people.make(people=PEOPLE, active=ACTIVE)
    return people


def _result(
    name: str, value: float, unit: str, samples: int, required: float | None, *, load: str
) -> Result:
    return Result(
        name=f"deploy.{name}",
        value=round(value, 1),
        unit=unit,
        samples=samples,
        rows=f"single box, {PEOPLE} people, {ACTIVE} of them posting and chatting",
        required=required,
        load=load,
        date=today(),
    )
