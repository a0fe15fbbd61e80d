"""People who mean no good: `python -m benchmarks.chat.villains`, a job as JSON in.

They flood until SIGTERM, and then say how many frames they sent and how many sockets were closed.
"""

import asyncio
import contextlib
import os
import signal
import sys
from functools import partial
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
os.environ.setdefault("JYOTI_PROCESS", "command")

import django
import orjson

BURST, PAUSE_S = 40, 0.05
BACK_AFTER_S: Final = 0.5
FOREIGN: Final = 2**62


def main() -> None:
    """Flood the ports of the job until SIGTERM."""
    django.setup()
    import uvloop  # noqa: PLC0415

    # It runs beside what is measured, and shall take nothing from it but what the server does.
    os.nice(10)
    job = orjson.loads(sys.stdin.buffer.read())
    sys.stdout.write(orjson.dumps(uvloop.run(_flood(job))).decode())


async def _flood(job: dict[str, Any]) -> dict[str, int]:
    from benchmarks.chat.dialects import Member, Ours  # noqa: PLC0415
    from benchmarks.chat.load import Tickets  # noqa: PLC0415

    told = {"frames": 0, "closed": 0}
    is_over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, is_over.set)
    dialect, members = Ours(Tickets(job)), [Member(*pair) for pair in job["members"]]
    flooding = [
        asyncio.create_task(_come_back(dialect, member, job["ports"][0], place, told))
        for place, member in enumerate(members)
    ]
    sys.stderr.write("open\n")
    sys.stderr.flush()
    await is_over.wait()
    for task in flooding:
        task.cancel()
    await asyncio.gather(*flooding, return_exceptions=True)
    return told


async def _come_back(
    dialect: Any, member: Any, port: int, place: int, told: dict[str, int]
) -> None:
    """One socket after the other, each flooded until the server closes it."""
    from benchmarks.chat.wire import Wire  # noqa: PLC0415

    loop, texts = asyncio.get_running_loop(), _texts(dialect, member)
    text = texts[place % len(texts)]
    while True:
        with contextlib.suppress(ConnectionError, OSError):
            wired = partial(Wire, dialect.path(member), dialect.subprotocol, _ignore)
            _, wire = await loop.create_connection(wired, "127.0.0.1", port)
            try:
                await wire.opened
                while not wire.is_lost:
                    for _ in range(BURST):
                        wire.send(text)
                    told["frames"] += BURST
                    await asyncio.sleep(PAUSE_S)
            finally:
                wire.close()
        told["closed"] += 1
        await asyncio.sleep(BACK_AFTER_S)


def _texts(dialect: Any, member: Any) -> tuple[bytes, ...]:
    """A message again and again, pings, junk, almost too much of it, somebody else's conversation."""
    from benchmarks.chat.dialects import Member  # noqa: PLC0415

    return (
        dialect.send(member, 1, "flood"),
        b'{"t":"ping","id":"p","d":{}}',
        b"junk",
        b'{"t":"' + b"x" * 16_000 + b'","id":"x","d":{}}',
        dialect.send(Member(member.user_id, FOREIGN), 1, "not mine"),
    )


def _ignore(_wire: Any, _text: bytes) -> None:
    pass


if __name__ == "__main__":
    main()
