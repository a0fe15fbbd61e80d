"""Videos for tests, made by the system's ffmpeg: four coloured quadrants that hum, with any metadata."""

import functools
import json
import os
import struct
import subprocess
import tempfile
from pathlib import Path

import pytest

from media_storage.backends.ffmpeg import NEEDS, tools
from tests.media_storage import pictures

CANARY = pictures.CANARY.decode()
#: What cameras write into a film: whose, where, with what, and what was called how.
TOLD = {
    "title": CANARY,
    "artist": CANARY,
    "comment": CANARY,
    "creation_time": "2024-02-03T04:05:06Z",
    "com.apple.quicktime.location.ISO6709": f"+48.8577+002.2950/{CANARY}",
    "com.apple.quicktime.make": CANARY,
    "com.android.serial": CANARY,
}


def ffmpeg_here():
    """Skip where a person has no ffmpeg; CI installs it, and there its lack is a failure."""
    if tools() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"ffmpeg is needed: {NEEDS}")


@functools.cache
def video(
    *, size=(320, 240), seconds=1.0, rate=10, kind="mp4", codec="libx264", sound=True, extra=()
):
    """The bytes of a video; `extra` are more words for the encoder."""
    ffmpeg_here()
    with tempfile.TemporaryDirectory() as folder:
        still, out = Path(folder, "still.png"), Path(folder, f"out.{kind}")
        still.write_bytes(pictures.encoded(pictures.quadrants(size), "PNG"))
        words = ["-loop", "1", "-framerate", str(rate), "-t", str(seconds), "-i", str(still)]
        if sound:
            words += ["-f", "lavfi", "-t", str(seconds), "-i", "sine=440"]
        words += ["-c:v", codec, "-pix_fmt", "yuv420p", *_fast(codec), *extra, str(out)]
        call("ffmpeg", *words)
        return out.read_bytes()


def _fast(codec):
    return {"libx264": ("-preset", "ultrafast"), "libvpx": ("-deadline", "realtime")}.get(codec, ())


def laden(kind="mov"):
    """A video with a title, a place, a serial number, a chapter, captions and trailing bytes."""
    words = [part for name, value in TOLD.items() for part in ("-metadata", f"{name}={value}")]
    tags = ("-movflags", "use_metadata_tags", "-metadata:s:v", f"handler_name={CANARY}")
    return video(kind=kind, extra=(*words, *tags)) + CANARY.encode()


def turned(degrees):
    """The quadrants stored so that a player who turns them clockwise by so much sees them upright.

    The matrix of the track says so, as phones write it: ISO 14496-12, section 8.3.2.
    """
    width, height = 320, 240
    unturn, matrix = {
        90: ("transpose=2", (0, 1, -1, 0, height, 0)),
        180: ("hflip,vflip", (-1, 0, 0, -1, width, height)),
        270: ("transpose=1", (0, -1, 1, 0, 0, width)),
    }[degrees]
    data = bytearray(video(size=(width, height), extra=("-vf", unturn)))
    a, b, c, d, x, y = (value << 16 for value in matrix)
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, x, y, 1 << 30)
    return bytes(data)


def frame_of(data, at_s=0.5):
    """One frame of a video as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "a.mp4"), Path(folder, "b.png")
        source.write_bytes(data)
        call("ffmpeg", "-ss", str(at_s), "-i", str(source), "-frames:v", "1", str(out))
        return out.read_bytes()


def told_of(data):
    """All that ffprobe finds in a video: format and streams, with their tags."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        words = ("-show_format", "-show_streams", "-show_chapters", "-of", "json", file.name)
        return json.loads(call("ffprobe", *words))


def call(program, *words):
    done = subprocess.run(
        [program, "-v", "error", *(["-y"] if program == "ffmpeg" else []), *words],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
