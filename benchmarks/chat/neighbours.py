"""Messages of others while some flood the same process: their p50, beside the p50 when all is calm."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.chat.people import clear, members, prepare
from benchmarks.chat.rounds import Plan, job
from benchmarks.chat.servers import ROOT, Server, servers
from benchmarks.harness import Result, progress, today

NEIGHBOURS, RATE = 100, 100
VILLAINS, SOCKETS_EACH = 4, 5


def run(plan: Plan | None = None) -> Iterator[Result]:
    """`chat.neighbours.p50_ratio`; each round measures the two one after the other."""
    plan = plan or Plan()
    prepare()
    ratios: list[float] = []
    for number in range(1, plan.rounds + 1):
        clear()
        with servers("ours", 1, limits="1") as running:
            calm = _p50_ms(plan, running)
            with _villains(running) as told:
                busy = _p50_ms(plan, running)
        ratios.append(busy / calm)
        progress(
            f"neighbours, round {number}: calm {calm:.2f} ms, beside a flood {busy:.2f} ms; "
            f"{told['frames']:,} frames, {told['closed']} sockets closed"
        )
    yield Result(
        name="chat.neighbours.p50_ratio",
        value=round(statistics.median(ratios), 2),
        unit="times",
        samples=len(ratios),
        rows=f"{RATE} messages a second of {NEIGHBOURS}, beside {VILLAINS} people who flood over "
        f"{VILLAINS * SOCKETS_EACH} sockets and come back, limits on, one process",
        required=2.0,
        load=plan.load,
        date=today(),
    )


def _p50_ms(plan: Plan, running: list[Server]) -> float:
    return job(plan, "ours", running, members(NEIGHBOURS), job="open", rate=RATE)["p50_ms"]


@contextmanager
def _villains(running: list[Server]) -> Iterator[dict[str, int]]:
    """They flood within the block; what they did is told after it."""
    people = members(NEIGHBOURS + VILLAINS, sockets_each=SOCKETS_EACH)
    people["members"] = people["members"][NEIGHBOURS * SOCKETS_EACH :]
    order: dict[str, Any] = {"ports": [server.port for server in running], **people}
    flooding = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.chat.villains"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert flooding.stdin and flooding.stdout and flooding.stderr  # noqa: PT018, S101
    told: dict[str, int] = {}
    try:
        flooding.stdin.write(json.dumps(order))
        flooding.stdin.close()
        while flooding.stderr.readline() not in ("open\n", ""):
            pass
        yield told
    finally:
        flooding.terminate()
        said = flooding.stdout.read()
        flooding.wait(timeout=10)
    told |= json.loads(said)
