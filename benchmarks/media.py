"""What one picture of 12 megapixels costs, alone and side by side with sharp on the same files."""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from PIL import Image, ImageFilter

from benchmarks.harness import Result, machine, p50, progress, today
from benchmarks.servers import ROOT
from media_storage.backends.decoder import decode
from media_storage.backends.probe import probe
from media_storage.constants import AVIF_WIDTHS, FIRST_WIDTHS, FURTHER_WIDTHS

PEER: Final = ROOT / "benchmarks" / "peers" / "sharp"
PHOTOS: Final = ROOT / "config" / "demo" / "pictures"
SIZE: Final = (4000, 3000)
ROUNDS: Final = 7
ROWS: Final = "photographs of 4000 by 3000 pixels as JPEG, quality 90, 4:2:0"
REQUIRED_S: Final = {"first": 0.6, "ladder": 3.0}
REQUIRED_MB: Final = 150
MEASURE: Final = (
    "import resource, sys; from benchmarks.media import first;"
    "first(sys.argv[1]); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
)

Samples = dict[str, list[float]]


def run() -> Iterator[Result]:
    """Seconds to the first variants and to all, memory of the decoder, and the peer's seconds."""
    load = machine()
    with tempfile.TemporaryDirectory(prefix="jyoti-bench-") as folder:
        files = _photographs(Path(folder))
        with _sharp() as peer:
            samples = _rounds(files, peer)
        extra_mb = [_child_mb(file) for file in files]
    count = len(samples["first"])
    for name, most in REQUIRED_S.items():
        yield _result(f"jpeg12.{name}", p50(samples[name]), "s", count, load, required=most)
    yield _result("jpeg12.memory", max(extra_mb), "MB", len(files), load, required=REQUIRED_MB)
    for name in ("warm", "alone"):
        ours, theirs = p50(samples["first"]), p50(samples[name])
        yield _result(
            f"vs_sharp.{name}", ours, "s", count, load,
            peer=f"{PEERS[name]}: {theirs:.3f} s", ratio=round(theirs / ours, 2),
        )  # fmt: skip


PEERS: Final = {
    "warm": "sharp inside a Node process that runs already, with no limits around it",
    "alone": "sharp in a Node process of its own for each picture, as our decoder is",
}


def first(path: str | Path) -> None:
    """What an upload waits for: three widths and the BlurHash."""
    with Path(path).open("rb") as file:
        decode(file, probe(file), webp_widths=FIRST_WIDTHS)


def further(path: str | Path) -> None:
    """What the background adds."""
    with Path(path).open("rb") as file:
        decode(file, probe(file), webp_widths=FURTHER_WIDTHS, avif_widths=AVIF_WIDTHS)


def _rounds(files: Sequence[Path], peer: "_Peer") -> Samples:
    """All in turns, so that whatever else the machine does falls on each of them."""
    samples: Samples = {"first": [], "ladder": [], "warm": [], "alone": []}
    for number in range(1, ROUNDS + 1):
        progress(f"{number} of {ROUNDS}: {len(files)} photographs")
        for file in files:
            began = time.perf_counter()
            first(file)
            samples["first"].append(time.perf_counter() - began)
            further(file)
            samples["ladder"].append(time.perf_counter() - began)
            samples["warm"].append(peer.render(file))
            began = time.perf_counter()
            with _sharp() as alone:
                alone.render(file)
            samples["alone"].append(time.perf_counter() - began)
    return samples


class _Peer:
    """A Node process that renders the paths it is told."""

    def __init__(self, stdin: IO[str], stdout: IO[str]) -> None:
        self.stdin, self.stdout = stdin, stdout

    def render(self, file: Path) -> float:
        """Seconds inside of the process. Raises RuntimeError if it made other files than ours."""
        self.stdin.write(f"{file}\n")
        self.stdin.flush()
        answer: dict[str, Any] = json.loads(self.stdout.readline())
        if len(answer["bytes"]) != len(FIRST_WIDTHS) or not answer["hash"]:
            raise RuntimeError("the peer made something else")
        return float(answer["ms"]) / 1000


@contextmanager
def _sharp() -> Iterator[_Peer]:
    """The peer; its packages are installed by the lock file the first time."""
    beside = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    node, npm = shutil.which("node", path=beside), shutil.which("npm", path=beside)
    if not (node and npm):
        raise RuntimeError("Node is needed: make setup")
    if not (PEER / "node_modules").exists():
        install = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        environ = os.environ | {"PATH": beside}
        subprocess.run(install, cwd=PEER, check=True, env=environ)  # noqa: S603
    with subprocess.Popen(  # noqa: S603
        [node, "render.mjs"], cwd=PEER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        yield _Peer(process.stdin, process.stdout)
        process.stdin.close()


def _child_mb(file: Path) -> float:
    """The largest resident set of the decoder, all of which is beside the server that asks."""
    command = [sys.executable, "-c", MEASURE, str(file)]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, capture_output=True, check=True, text=True
    )
    return float(done.stdout)


def _photographs(folder: Path) -> list[Path]:
    """Photographs of the demo in the size of a phone's, with the noise of its sensor."""
    sources = sorted(file for file in PHOTOS.iterdir() if file.suffix in {".jpg", ".webp"})[:3]
    grain = Image.effect_noise(SIZE, 12).convert("L").filter(ImageFilter.GaussianBlur(0.6))
    files = []
    for number, source in enumerate(sources):
        with Image.open(source) as picture:
            large = picture.convert("RGB").resize(SIZE, Image.Resampling.BICUBIC)
        out = io.BytesIO()
        Image.blend(large, Image.merge("RGB", (grain,) * 3), 0.25).save(out, "JPEG", quality=90)
        files.append(folder / f"{number}.jpg")
        files[-1].write_bytes(out.getvalue())
    return files


def _result(name: str, value: float, unit: str, samples: int, load: str, **more: Any) -> Result:
    return Result(
        name=f"media.{name}",
        value=round(value, 3),
        unit=unit,
        samples=samples,
        rows=ROWS,
        load=load,
        date=today(),
        **more,
    )
