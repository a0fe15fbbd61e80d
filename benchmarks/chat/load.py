"""The people of a measurement: `python -m benchmarks.chat.load`, a job as JSON in, figures out."""

import asyncio
import contextlib
import os
import sys
import time
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
os.environ.setdefault("JYOTI_PROCESS", "command")

import django
import orjson

BODY: Final = "x" * 80
OPEN_AT_ONCE: Final = 50
OPEN_S: Final = 60.0


def main() -> None:
    """Do the job of standard input; write its figures to standard output."""
    django.setup()
    import uvloop  # noqa: PLC0415

    job = orjson.loads(sys.stdin.buffer.read())
    sys.stdout.write(orjson.dumps(uvloop.run(_JOBS[job["job"]](job))).decode())


async def closed(job: dict[str, Any]) -> dict[str, float]:
    """Everybody keeps `window` messages on their way: messages a second, and their p99 in ms."""
    crowd = Crowd(job)
    await crowd.open()
    for tab in crowd.tabs:
        for _ in range(job["window"]):
            tab.say()
    await asyncio.sleep(job["warm_s"])
    before, began = crowd.delivered, time.perf_counter()
    crowd.delays.clear()
    await asyncio.sleep(job["for_s"])
    rate = (crowd.delivered - before) / (time.perf_counter() - began)
    delays = sorted(crowd.delays)
    crowd.close()
    return {
        "rate": rate,
        "count": crowd.delivered,
        "p50_ms": _part(delays, 50),
        "p99_ms": _part(delays, 99),
    }


async def open_loop(job: dict[str, Any]) -> dict[str, float]:
    """`rate` messages a second over all, whatever happens: p50 and p99 in ms, and what was lost."""
    crowd = Crowd(job, echo=False)
    await crowd.open()
    interval, senders = 1 / job["rate"], crowd.tabs
    clock = asyncio.get_running_loop().time
    for part_s in (job["warm_s"], job["for_s"]):
        crowd.delays.clear()
        sent, begin, before = 0, clock(), crowd.delivered
        while clock() - begin < part_s:
            while sent * interval <= clock() - begin:
                senders[(sent * 7) % len(senders)].say()
                sent += 1
            await asyncio.sleep(max(0.0, begin + sent * interval - clock()))
        async with asyncio.timeout(20):
            while crowd.delivered - before < sent:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    delays = sorted(crowd.delays)
    crowd.close()
    return {"sent": sent, "p50_ms": _part(delays, 50), "p99_ms": _part(delays, 99)}


async def idle(job: dict[str, Any]) -> dict[str, float]:
    """Open all, `at_once` of them together; hold them `for_s` with heartbeats; how many are left."""
    crowd = Crowd(job)
    await crowd.prepare()
    sys.stderr.write("opening\n")
    sys.stderr.flush()
    began = time.perf_counter()
    await crowd.open(at_once=job["at_once"])
    took_s = time.perf_counter() - began
    sys.stderr.write("open\n")
    sys.stderr.flush()
    until = time.perf_counter() + job["for_s"]
    while time.perf_counter() < until:
        began = time.perf_counter()
        for place, tab in enumerate(crowd.tabs):
            tab.beat()
            if place % 100 == 0:
                pause_s = job["beat_s"] / len(crowd.tabs) * 100
                await asyncio.sleep(min(pause_s, max(0.0, until - time.perf_counter())))
    left = sum(not tab.wire.is_lost for tab in crowd.tabs)
    crowd.close()
    return {"open_s": took_s, "left": left}


class Tab:
    """One socket of one member."""

    def __init__(self, crowd: "Crowd", member: Any, port: int) -> None:
        self._crowd, self.member, self._port = crowd, member, port
        self._greeted: asyncio.Future[None] | None = None

    async def open(self, path: str) -> None:
        """Connect and greet."""
        from benchmarks.chat.wire import Wire  # noqa: PLC0415

        loop = asyncio.get_running_loop()
        dialect = self._crowd.dialect
        greeted = self._greeted = loop.create_future()
        _, self.wire = await loop.create_connection(
            lambda: Wire(path, dialect.subprotocol, self._heard), "127.0.0.1", self._port
        )
        await self.wire.opened
        first = dialect.first(self.member)
        if first:
            self.wire.send(first)
        await greeted

    def say(self) -> None:
        """Send one message that carries the time."""
        crowd = self._crowd
        crowd.numbers += 1
        body = f"{time.perf_counter():.6f} {self.member.user_id} {BODY}"
        self.wire.send(crowd.dialect.send(self.member, crowd.numbers, body))

    def beat(self) -> None:
        """The client's heartbeat."""
        beat = self._crowd.dialect.beat()
        if beat and not self.wire.is_lost:
            self.wire.send(beat)

    def _heard(self, wire: Any, text: bytes) -> None:
        greeted, dialect = self._greeted, self._crowd.dialect
        if greeted is not None:
            self._greeting(wire, greeted, text)
            return
        found = dialect.read(text)
        if found is None:
            return
        what, said = found
        if what == "ping":
            wire.send(b"3")
        elif what == "message":
            self._delivered(said)

    def _greeting(self, wire: Any, greeted: asyncio.Future[None], text: bytes) -> None:
        answer, is_done = self._crowd.dialect.greet(text, self.member)
        if answer is not None:
            wire.send(answer)
        if is_done and not greeted.done():
            self._greeted = None
            greeted.set_result(None)

    def _delivered(self, body: str) -> None:
        """Counted where somebody else wrote it; whoever wrote it sends the next."""
        at, sender, _ = body.split(" ", 2)
        if int(sender) != self.member.user_id:
            self._crowd.delivered += 1
            self._crowd.delays.append((time.perf_counter() - float(at)) * 1000)
            if self._crowd.echo:
                self._crowd.by_user[int(sender)].say()


class Crowd:
    """All tabs; those of one conversation on different servers where there are several."""

    def __init__(self, job: dict[str, Any], *, echo: bool = True) -> None:
        from benchmarks.chat.dialects import Member, Ours, SocketIO  # noqa: PLC0415

        self.echo, self.numbers, self.delivered = echo, 0, 0
        self.delays: list[float] = []
        self.dialect: Any = Ours(Tickets(job)) if job["dialect"] == "ours" else SocketIO()
        members = [Member(*pair) for pair in job["members"]]
        ports = job["ports"]
        self.tabs = [
            Tab(self, member, ports[place % len(ports)]) for place, member in enumerate(members)
        ]
        self.by_user = {tab.member.user_id: tab for tab in self.tabs}

    async def prepare(self) -> None:
        """Have a ticket for each, so that getting them is not measured."""
        self._paths = [self.dialect.path(tab.member) for tab in self.tabs]

    async def open(self, at_once: int = OPEN_AT_ONCE) -> None:
        """Open all of them."""
        turns = asyncio.Semaphore(at_once)
        paths = getattr(self, "_paths", None)

        async def one(place: int, tab: Tab) -> None:
            async with turns:
                await tab.open(paths[place] if paths else self.dialect.path(tab.member))

        async with asyncio.timeout(OPEN_S):
            await asyncio.gather(*(one(place, tab) for place, tab in enumerate(self.tabs)))

    def close(self) -> None:
        """Hang up."""
        for tab in self.tabs:
            with contextlib.suppress(OSError):
                tab.wire.close()


class Tickets:
    """Tickets for the sessions of the job."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._sessions = {int(user): session for user, session in job["sessions"].items()}

    def __call__(self, user_id: int) -> str:
        from accounts.constants import ClientKind  # noqa: PLC0415
        from accounts.services import AccessClaims, ws_ticket_issue  # noqa: PLC0415
        from core.viewer import ALL_SCOPES, Viewer  # noqa: PLC0415

        session_id = self._sessions[user_id]
        viewer = Viewer(id=user_id, session_id=session_id, scopes=ALL_SCOPES, is_verified=True)
        ends = int(time.time()) + 600
        claims = AccessClaims(viewer=viewer, epoch=1, expires_at=ends, is_personal=False)
        return ws_ticket_issue(claims=claims, client=ClientKind.NATIVE, origin="")


def _part(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0


_JOBS: Final = {"closed": closed, "open": open_loop, "idle": idle}

if __name__ == "__main__":
    main()
