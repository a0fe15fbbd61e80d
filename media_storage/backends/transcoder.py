"""Make the one MP4 that every browser plays, from a video or an animation, by a confined ffmpeg.

What goes out is encoded from pixels and samples alone: no place, date, device, title, chapter,
caption or cover survives, because nothing of the kind is carried over.
"""

import json
import logging
import shutil
import signal
import subprocess
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import StorageFullError
from media_storage.backends.children import Bounds, Child, from_the_start, python, run, start
from media_storage.backends.confinement import Limits
from media_storage.backends.decoder import BACKGROUND, memory
from media_storage.backends.ffmpeg import Tools, confined, reading
from media_storage.backends.probe import Claim, PictureRefusedError
from media_storage.backends.videos import DECODERS, DEMUXERS, VideoClaim, probe_video
from media_storage.constants import (
    DECODE_ANSWER_BYTES_MAX,
    TRANSCODE_BYTES,
    TRANSCODE_BYTES_PER_PIXEL,
    TRANSCODE_FILE_BYTES_MAX,
    TRANSCODE_MEMORY_BYTES,
    VIDEO_FRAMES_PER_S,
    VIDEO_SECONDS_MAX,
    VIDEO_WIDTH,
)

log = logging.getLogger(__name__)

# A minute of 4K in HDR takes some five minutes of one core.
CPU_S: Final = 900
WALL_S: Final = 1_200.0
# Others come first: people wait for them.
LIMITS: Final = Limits(CPU_S, TRANSCODE_MEMORY_BYTES, TRANSCODE_FILE_BYTES_MAX, 32, niceness=10)
QUIET: Final = ("-hide_banner", "-nostdin", "-v", "error", "-y")
# One second more than allowed shows who is longer; a file that lies about its length ends here.
CUT_S: Final = VIDEO_SECONDS_MAX + 1
ANIMATION_RATE: Final = 25
POSTER_AT_MS: Final = 1_000
ENCODE: Final = (
    *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"),
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "5M", "-bufsize", "10M"),
    # Captions and the like inside the picture's stream stay out.
    *("-profile:v", "high", "-pix_fmt", "yuv420p", "-a53cc", "0", "-threads", "1"),
    *("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
    *("-movflags", "+faststart", "-f", "mp4"),
)
# https://ffmpeg.org/ffmpeg-filters.html#tonemap: linear light, our primaries, then the curve.
TO_STANDARD_RANGE: Final = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
)


@dataclass(frozen=True, slots=True)
class Film:
    """The MP4 and what it turned out to be."""

    path: Path
    width: int
    height: int
    duration_ms: int


def film_of_video(file: BinaryIO, claim: VideoClaim, tools: Tools, folder: Path) -> Film:
    """Convert a video that was probed; at most 1080 wide, 30 frames a second, 60 s.

    Raises PictureRefusedError `unreadable_video`, `video_too_long`, `video_too_complex`;
    StorageFullError, UnavailableError `busy`.
    """
    words = [*QUIET, "-threads", "1", *reading(DEMUXERS[claim.content_type], DECODERS)]
    words += ["-map", f"0:{claim.video_stream}"]
    if claim.audio_stream is not None:
        words += ["-map", f"0:{claim.audio_stream}"]
    out = _room(folder)
    words += ["-vf", _filters(claim), "-t", str(CUT_S), *ENCODE, str(out)]
    with _memory(claim.width, claim.height) as shares:
        bounds = Bounds(WALL_S, 0, shares)
        status, _ = run(confined(LIMITS, tools.ffmpeg, *words), file, bounds)
    return _made(status, out, tools)


def film_of_animation(
    file: BinaryIO, claim: Claim, size: tuple[int, int], tools: Tools, folder: Path
) -> Film:
    """Convert a picture that moves, whose upright size is given; it ends after 60 s, silent.

    Our own decoder reads the file; ffmpeg sees raw frames alone. Raises as above.
    """
    width, height = _even(*size)
    out = _room(folder)
    frames = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}"]
    frames += ["-framerate", str(ANIMATION_RATE), "-i", "pipe:0"]
    encode = confined(LIMITS, tools.ffmpeg, *QUIET, *frames, *ENCODE, str(out))
    order = {
        "format": claim.format,
        "width": width,
        "height": height,
        "rate": ANIMATION_RATE,
        "most": ANIMATION_RATE * VIDEO_SECONDS_MAX,
        "cpu_s": CPU_S,
    }
    with _memory(claim.width, claim.height):
        status = _piped(python("animate", json.dumps(order)), encode, file)
    return _made(status, out, tools)


def poster_of(film: Film, tools: Tools) -> bytes:
    """One frame of our own MP4, from its first second, as PNG."""
    at_s = min(POSTER_AT_MS, film.duration_ms // 3) / 1000
    words = [*QUIET, "-ss", f"{at_s:.3f}", *reading("mov"), "-frames:v", "1"]
    words += ["-c:v", "png", "-f", "image2pipe", "pipe:1"]
    limits = Limits(BACKGROUND.cpu_s, TRANSCODE_MEMORY_BYTES, open_files=32)
    with film.path.open("rb") as source:
        bounds = Bounds(BACKGROUND.wall_s, DECODE_ANSWER_BYTES_MAX)
        status, answer = run(confined(limits, tools.ffmpeg, *words), source, bounds)
    if status or not answer:
        raise PictureRefusedError("unreadable_video")
    return answer


def _memory(width: int, height: int) -> AbstractContextManager[list[int]]:
    """What a conversion takes. Raises UnavailableError `busy` at once: it can come again."""
    source, film = TRANSCODE_BYTES_PER_PIXEL
    wide, high = _even(width, height)
    return memory(TRANSCODE_BYTES + width * height * source + wide * high * film, wait_s=0)


def _filters(claim: VideoClaim) -> str:
    """Make it fit, of square pixels, at its rate; ffmpeg turns it upright by itself."""
    width, height = _even(claim.width, claim.height)
    rate = min(claim.rate or Fraction(VIDEO_FRAMES_PER_S), Fraction(VIDEO_FRAMES_PER_S))
    parts = [f"fps={max(rate, Fraction(1))}", f"scale={width}:{height}", "setsar=1"]
    if claim.is_hdr:
        parts.append(TO_STANDARD_RANGE)
    return ",".join([*parts, "format=yuv420p"])


def _even(width: int, height: int) -> tuple[int, int]:
    """The size of the film: H.264 in 4:2:0 has even sides."""
    scale = min(1.0, VIDEO_WIDTH / width)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _room(folder: Path) -> Path:
    """Where the film will be. Raises StorageFullError before anything is half written."""
    if shutil.disk_usage(folder).free < 2 * TRANSCODE_FILE_BYTES_MAX:
        raise StorageFullError
    return folder / "film.mp4"


def _piped(first: list[str], second: list[str], file: BinaryIO) -> int:
    """Exit status of the second child, which reads what the first one makes of the file."""
    with ExitStack() as running:
        source = _started(running, first, running.enter_context(from_the_start(file)))
        assert source.stdout is not None  # noqa: S101  it was asked for
        target = _started(running, second, source.stdout.fileno())
        # Only the second one reads it: the first one hears when nobody does any more.
        source.stdout.close()
        try:
            return target.wait(timeout=WALL_S)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL


def _started(running: ExitStack, command: list[str], stdin: int) -> Child:
    """A child that ends with the block, whatever it does."""
    child = running.enter_context(start(command, stdin))
    running.callback(child.kill)
    return child


def _made(status: int, out: Path, tools: Tools) -> Film:
    """The film as it came out, looked at like any other."""
    if status:
        log.info("no film made", extra={"status": status})
    if status < 0:
        raise PictureRefusedError("video_too_complex")
    if status or not out.exists():
        raise PictureRefusedError("unreadable_video")
    with out.open("rb") as made:
        found = probe_video(made, "video/mp4", tools, haste=BACKGROUND)
    if not found.duration_ms:
        raise PictureRefusedError("unreadable_video")
    return Film(out, found.width, found.height, found.duration_ms)
