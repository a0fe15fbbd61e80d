"""Three pictures at once that want all memory, against every part of the house on one machine."""

import http.client
import io
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Final
from uuid import uuid4

import pillow_heif
import psutil
from django.utils import timezone
from PIL import Image

from accounts.constants import ClientKind
from accounts.models import User
from accounts.services import Device, session_start
from benchmarks.database import use_database
from benchmarks.harness import Result, machine, p95, progress, timed_ms, today
from benchmarks.servers import ROOT, ask, beside, free_port, gunicorn

VERSION: Final = "bombs 1"
EVERY_S: Final = 0.1
REQUIRED_MB: Final = 700
ROUNDS: Final = 2
AT_ONCE: Final = 3
# PostgreSQL stands beside the sum, as in deploy/constants.toml: it has a limit of its own.
POSTGRESQL: Final = "postgresql"
PARTS: Final = {
    "media_storage.backends": "decoders",
    "ffmpeg": "decoders",
    "gunicorn": "http",
    "uvicorn": "ws",
    "manage.py worker": "worker",
    "valkey-server": "valkey",
}
# Answers that say no, or not now; nothing else may come of a bomb.
FINE: Final = frozenset({201, 202, 413, 415, 422, 503})
ROWS: Final = (
    "gunicorn as deployed, gateway, worker, Valkey and decoders, every 100 ms;"
    " each kind of bomb three times at once"
)


def run() -> Iterator[Result]:
    """The largest sum of PSS, what it was before, and how long /healthz took meanwhile."""
    use_database("jyoti_bench_bombs", version=VERSION, fill=_fill)
    load = machine()
    bombs = _bombs()
    gateway = ["-m", "uvicorn", "config.asgi:application", "--port", str(free_port())]
    with (
        gunicorn() as port,
        beside([*gateway, "--log-level", "warning"], "ws"),
        beside(["manage.py", "worker"], "worker"),
    ):
        time.sleep(5)
        calm = _pss_mb()
        with _watched(port) as seen:
            for name, bomb in bombs.items():
                progress(f"{AT_ONCE} at once: {name}, {len(bomb):,} bytes")
                for _ in range(ROUNDS):
                    _throw(port, bomb)
            time.sleep(10)
    calls, weighed = len(seen.times_ms), len(seen.weights)
    peak, p95_ms = max(seen.weights, key=_house_mb), p95(seen.times_ms)
    yield _result(
        "pss", _house_mb(peak), "MB", samples=weighed, load=load, required=REQUIRED_MB,
        peer=f"PostgreSQL beside it: {peak[POSTGRESQL]:.0f} MB",
    )  # fmt: skip
    yield _result(
        "before", _house_mb(calm), "MB", samples=1, load=load,
        peer=f"PostgreSQL beside it: {calm[POSTGRESQL]:.0f} MB",
    )  # fmt: skip
    for part in sorted(peak.keys() - {POSTGRESQL}):
        yield _result(f"peak.{part}", peak[part], "MB", samples=weighed, load=load)
    yield _result("healthz_p95", p95_ms, "ms", samples=calls, load=load)
    yield _result("healthz_failed", seen.failed, "requests", samples=calls, load=load, required=0)


Weights = Counter[str]


class _Seen:
    """What was sampled."""

    def __init__(self) -> None:
        self.weights: list[Weights] = []
        self.times_ms: list[float] = []
        self.failed = 0


@contextmanager
def _watched(port: int) -> Iterator[_Seen]:
    """Sample until the end of the block."""
    seen, is_over = _Seen(), threading.Event()

    def weigh() -> None:
        while not is_over.wait(EVERY_S):
            seen.weights.append(_pss_mb())

    def call() -> None:
        while not is_over.wait(EVERY_S):
            try:
                seen.times_ms.append(timed_ms(lambda: ask(port, "GET", "/healthz")))
            except (OSError, RuntimeError):
                seen.failed += 1

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(weigh), threads.submit(call)]
        try:
            yield seen
        finally:
            is_over.set()
        for done in running:
            done.result()


def _pss_mb() -> Weights:
    """By part: the sum over all our processes but this one, with what they have started."""
    weights: Weights = Counter()
    for process in _ours():
        with suppress(psutil.Error):
            weights[_part(process)] += process.memory_full_info().pss / 1e6
    return weights


def _house_mb(weights: Weights) -> float:
    return weights.total() - weights[POSTGRESQL]


def _part(process: psutil.Process) -> str:
    if process.name() == "postgres":
        return POSTGRESQL
    command = " ".join(process.cmdline())
    return next((part for word, part in PARTS.items() if word in command), "others")


def _ours() -> set[psutil.Process]:
    """Our children, and the embedded services of this checkout, which outlive us."""
    here = psutil.Process(os.getpid())
    found = set(here.children(recursive=True))
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(ROOT) in " ".join(process.cmdline()) and process != here:
                found |= {process, *process.children(recursive=True)}
    return found - {here}


def _throw(port: int, bomb: bytes) -> None:
    """All at once, each by another person. Raises RuntimeError for any answer that is not fine."""
    people = User.objects.order_by("pk")[:AT_ONCE]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for status in threads.map(lambda person: _upload(port, person, bomb), people):
            if status not in FINE:
                raise RuntimeError(f"a bomb was answered with {status}")


def _upload(port: int, person: User, bomb: bytes) -> int:
    device = Device(ClientKind.NATIVE, "benchmark", "192.0.2.1")
    border = uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        client.request(
            "POST",
            "/api/v1/media",
            body=head.encode() + bomb + f"\r\n--{border}--\r\n".encode(),
            headers={
                "Authorization": f"Bearer {session_start(user=person, device=device).access}",
                "Content-Type": f"multipart/form-data; boundary={border}",
            },
        )
        answer = client.getresponse()
        json.loads(answer.read())
        return answer.status
    finally:
        client.close()


def _bombs() -> dict[str, bytes]:
    """The worst that the gates let through: each at the very limit of its kind, and small to send."""
    pillow_heif.register_heif_opener()
    flat = Image.new("RGB", (5_000, 4_000), (1, 2, 3))
    wide = Image.new("RGB", (6_250, 4_000), (1, 2, 3))
    huge = Image.new("RGBA", (8_000, 6_250), (1, 2, 3, 128))
    return {
        "WebP of 20 megapixels": _encoded([flat], "WEBP", lossless=True),
        "PNG of 50 megapixels with alpha": _encoded([huge], "PNG"),
        "progressive JPEG of 50 megapixels": _encoded(
            [huge.convert("RGB")], "JPEG", progressive=True
        ),
        "AVIF of 25 megapixels": _encoded([wide], "AVIF", speed=10),
        "HEIC of 25 megapixels": _encoded([wide], "HEIF", quality=10),
        "GIF of 50 frames of 3 megapixels": _encoded(_frames(50), "GIF"),
    }


def _frames(count: int) -> Sequence[Image.Image]:
    return [Image.new("P", (2_000, 1_500), number) for number in range(count)]


def _encoded(frames: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}
    frames[0].save(out, kind, **more, **options)
    return out.getvalue()


def _fill() -> None:
    for number in range(AT_ONCE):
        User.objects.create(
            username=f"thrower{number}",
            email=f"thrower{number}@example.org",
            email_verified_at=timezone.now(),
        )


def _result(
    name: str,
    value: float,
    unit: str,
    *,
    samples: int,
    load: str,
    required: float | None = None,
    peer: str | None = None,
) -> Result:
    return Result(
        name=f"media.bombs.{name}",
        value=round(value, 1),
        unit=unit,
        samples=samples,
        rows=ROWS,
        required=required,
        peer=peer,
        load=load,
        date=today(),
    )
