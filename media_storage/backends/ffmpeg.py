"""The system's ffmpeg and ffprobe: whether they are here, and how they run under limits."""

import dataclasses
import functools
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from media_storage.backends.children import ENVIRONMENT, python
from media_storage.backends.confinement import Limits

ASK_S: Final = 10
# Debian's and Ubuntu's have both; a build without them cannot make what browsers play.
ENCODERS: Final = (b" libx264 ", b" aac ")
HDR_FILTERS: Final = (b" zscale ", b" tonemap ")
NEEDS: Final = "apt-get install --no-install-recommends ffmpeg"
#: The file that a confined tool reads: its own standard input, where it may jump about.
SOURCE: Final = "/dev/fd/0"


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the two programs are, and whether they can bring HDR into standard range."""

    ffmpeg: str
    ffprobe: str
    can_tone_map: bool


@functools.cache
def tools() -> Tools | None:
    """The programs of this machine, looked for once; None without them or without H.264 and AAC."""
    ffmpeg, ffprobe = shutil.which("ffmpeg"), shutil.which("ffprobe")
    if not (ffmpeg and ffprobe):
        return None
    encoders = _ask(ffmpeg, "-encoders")
    if not all(name in encoders for name in ENCODERS):
        return None
    filters = _ask(ffmpeg, "-filters")
    return Tools(ffmpeg, ffprobe, all(name in filters for name in HDR_FILTERS))


def confined(limits: Limits, program: str, *arguments: str) -> list[str]:
    """The command that runs the program under these limits."""
    return python("confinement", json.dumps(dataclasses.asdict(limits)), program, *arguments)


def reading(demuxer: str, decoders: Sequence[str] = ()) -> list[str]:
    """Arguments that open SOURCE as this format and nothing else: no network, no other file."""
    allowed = ["-codec_whitelist", ",".join(decoders)] if decoders else []
    # A QuickTime file may point to others; these are the defaults, said aloud.
    alone = ["-enable_drefs", "0", "-use_absolute_path", "0"] if demuxer == "mov" else []
    return ["-protocol_whitelist", "file", *allowed, *alone, "-f", demuxer, "-i", SOURCE]


def _ask(ffmpeg: str, question: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  no shell, our own words
            [ffmpeg, "-hide_banner", "-v", "quiet", question],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=ASK_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout
