"""Whether this machine can take videos."""

from collections.abc import Iterator

from config.ops.doctor.findings import Finding, ok, warning
from media_storage.backends.ffmpeg import NEEDS, tools


def examine_videos() -> Iterator[Finding]:
    """The system's ffmpeg: without it people can post pictures alone."""
    found = tools()
    if found is None:
        yield warning("videos", "off: there is no ffmpeg with H.264 and AAC", NEEDS)
    elif not found.can_tone_map:
        yield warning("videos", "HDR videos are refused: this ffmpeg has no zscale", NEEDS)
    else:
        yield ok("videos", f"converted by {found.ffmpeg}")
