"""Rounds in turn, and what their medians say."""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.chat.people import clear, members, prepare
from benchmarks.chat.servers import DIALECTS, PEER, ROOT, Kind, Server, servers
from benchmarks.harness import Result, machine, progress, today

ROUNDS: Final = 5
CLIENTS, WINDOW = 100, 2
RATE, SOCKETS = 300, 1_000
IDLE, RECONNECTS, HELD = 2_000, 1_000, 10_000
THROUGHPUT: Final = f"{CLIENTS} clients in pairs, {WINDOW} messages of each on their way"
LATENCY: Final = f"{RATE} messages a second over {SOCKETS:,} sockets, limits on"


@dataclass(slots=True)
class Plan:
    """How long and how often; smaller for a look."""

    rounds: int = ROUNDS
    warm_s: float = 2.0
    for_s: float = 4.0
    hold_s: float = 30.0
    load: str = field(default_factory=machine)


def run(plan: Plan | None = None) -> Iterator[Result]:
    """Throughput of one and of two processes, latency, memory, reconnects, and many idle sockets."""
    plan = plan or Plan()
    prepare()
    install()
    yield from throughput(plan, 1, peers=("plain", "batched"))
    yield from throughput(plan, 2, peers=("plain",))
    yield from latency(plan)
    yield from memory(plan)
    yield from reconnects(plan)
    yield from held(plan)


def install() -> None:
    """Have the peer's packages, as its lock file names them."""
    if not (PEER / "node_modules").exists():
        command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=PEER, check=True)  # noqa: S603


def throughput(plan: Plan, count: int, *, peers: tuple[Kind, ...]) -> Iterator[Result]:
    """Messages a second that reach the other, each sender going on when one has arrived."""
    kinds: tuple[Kind, ...] = ("ours", *peers)
    rates: dict[Kind, list[float]] = {kind: [] for kind in kinds}
    for number in range(1, plan.rounds + 1):
        for kind in _turned(kinds, number):
            clear()
            with servers(kind, count) as running:
                before = sum(server.cpu_s() for server in running)
                figures = job(plan, kind, running, members(CLIENTS), job="closed", window=WINDOW)
                used_s = sum(server.cpu_s() for server in running) - before
            rates[kind].append(figures["rate"])
            progress(
                f"{count} process(es), round {number}, {kind}: {figures['rate']:,.0f} messages/s, "
                f"p99 {figures['p99_ms']:.0f} ms, {used_s / figures['count'] * 1000:.3f} ms of CPU each"
            )
    process = "one" if count == 1 else "two"
    yield _rate(plan, f"chat.{process}.rate", rates["ours"])
    for kind in peers:
        ratios = [ours / theirs for ours, theirs in zip(rates["ours"], rates[kind], strict=True)]
        yield Result(
            name=f"chat.{process}.vs_socketio" + ("" if kind == "plain" else f"_{kind}"),
            value=round(statistics.median(ratios), 2),
            unit="times",
            samples=len(ratios),
            rows=THROUGHPUT,
            required=2.0 if kind == "plain" else 1.0,
            is_least=True,
            peer=f"Socket.IO, {kind}: {statistics.median(rates[kind]):,.0f} messages/s",
            load=plan.load,
            date=today(),
        )


def latency(plan: Plan) -> Iterator[Result]:
    """From one socket to the other at a rate that both bear easily."""
    kinds: tuple[Kind, ...] = ("ours", "plain")
    found: dict[Kind, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for number in range(1, plan.rounds + 1):
        for kind in _turned(kinds, number):
            clear()
            with servers(kind, 1, limits="1") as running:
                figures = job(plan, kind, running, members(SOCKETS), job="open", rate=RATE)
            found[kind].append(figures)
            progress(
                f"latency, round {number}, {kind}: p50 {figures['p50_ms']:.2f}, "
                f"p99 {figures['p99_ms']:.2f} ms"
            )
    for name, required in (("p50", 1.25), ("p99", 1.0)):
        ours, theirs = (
            [figures[f"{name}_ms"] for figures in found[kind]] for kind in ("ours", "plain")
        )
        ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
        yield Result(
            name=f"chat.latency.{name}_ratio",
            value=round(statistics.median(ratios), 2),
            unit="times",
            samples=len(ratios),
            rows=f"{LATENCY}; ours {statistics.median(ours):.2f} ms",
            required=required,
            peer=f"Socket.IO, plain: {statistics.median(theirs):.2f} ms",
            load=plan.load,
            date=today(),
        )


def memory(plan: Plan) -> Iterator[Result]:
    """Resident memory for each idle socket."""
    with servers("ours", 1) as running:
        people = members(IDLE)
        job(plan, "ours", running, members(100), job="idle", at_once=50, hold=0.5)
        time.sleep(1)
        before = running[0].rss_kib()
        peak: list[int] = []

        def look() -> None:
            time.sleep(4)
            peak.append(running[0].rss_kib())

        job(
            plan, "ours", running, people, job="idle", at_once=50, hold=6.0,
            when_open=look,
        )  # fmt: skip
    yield Result(
        name="chat.memory_kib",
        value=round((peak[0] - before) / IDLE, 1),
        unit="KiB",
        samples=IDLE,
        rows=f"{IDLE:,} idle sockets, one process",
        required=32.0,
        load=plan.load,
        date=today(),
    )


def reconnects(plan: Plan) -> Iterator[Result]:
    """Everybody comes back at the same moment: seconds until the last is greeted."""
    took: list[float] = []
    for _ in range(plan.rounds):
        with servers("ours", 1) as running:
            job(plan, "ours", running, members(20), job="idle", at_once=20, hold=0.2)
            figures = job(
                plan, "ours", running, members(RECONNECTS), job="idle", at_once=RECONNECTS, hold=0.5
            )
        took.append(figures["open_s"])
        progress(f"{RECONNECTS:,} reconnects: {took[-1]:.2f} s")
    yield Result(
        name="chat.reconnects",
        value=round(statistics.median(took), 2),
        unit="s",
        samples=len(took),
        rows=f"{RECONNECTS:,} sockets opened at once, ticket and hello with each, one process",
        required=3.0,
        load=plan.load,
        date=today(),
    )


def held(plan: Plan) -> Iterator[Result]:
    """Ten thousand idle sockets with heartbeats: how many are still there."""
    with servers("ours", 1) as running:
        figures = job(
            plan, "ours", running, members(HELD // 10 * 2, sockets_each=5),
            job="idle", at_once=100, hold=plan.hold_s,
        )  # fmt: skip
    yield Result(
        name="chat.held",
        value=figures["left"],
        unit="sockets",
        samples=1,
        rows=f"{HELD:,} sockets of {HELD // 5:,} people, a heartbeat each 25 s, "
        f"{plan.hold_s:.0f} s, one process",
        required=float(HELD),
        is_least=True,
        load=plan.load,
        date=today(),
    )


def job(
    plan: Plan,
    kind: Kind,
    running: list[Server],
    people: dict[str, Any],
    *,
    hold: float | None = None,
    when_open: Any = None,
    **words: Any,
) -> dict[str, float]:
    """Let the generator do it in a process of its own."""
    order = {
        "dialect": DIALECTS[kind],
        "ports": [server.port for server in running],
        "warm_s": plan.warm_s,
        "for_s": plan.for_s if hold is None else hold,
        "beat_s": 25.0,
        **people,
        **words,
    }
    generator = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.chat.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert generator.stdin and generator.stdout and generator.stderr  # noqa: PT018, S101
    said: list[str] = []
    watcher = threading.Thread(target=_watch, args=(generator.stderr, said, when_open))
    watcher.start()
    generator.stdin.write(json.dumps(order))
    generator.stdin.close()
    answer = generator.stdout.read()
    watcher.join()
    if generator.wait():
        raise RuntimeError("".join(said))
    figures: dict[str, float] = json.loads(answer)
    return figures


def _turned(kinds: tuple[Kind, ...], number: int) -> tuple[Kind, ...]:
    """Each round begins with another: being the first is no advantage."""
    place = number % len(kinds)
    return kinds[place:] + kinds[:place]


def _watch(lines: Any, said: list[str], when_open: Any) -> None:
    for line in lines:
        said.append(line)
        if line == "open\n" and when_open is not None:
            when_open()


def _rate(plan: Plan, name: str, rates: list[float]) -> Result:
    return Result(
        name=name,
        value=round(statistics.median(rates)),
        unit="messages/s",
        samples=len(rates),
        rows=THROUGHPUT,
        load=plan.load,
        date=today(),
    )
