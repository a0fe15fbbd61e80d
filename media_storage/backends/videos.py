"""What a video is, by its first bytes and by ffprobe: nothing is decoded that needs no decoding."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO, Final

from core.turns import turn
from media_storage.backends.boxes import OLD_QUICKTIME, brands, picture_format
from media_storage.backends.children import Bounds, run
from media_storage.backends.confinement import Limits
from media_storage.backends.decoder import PERSON, Haste
from media_storage.backends.ffmpeg import Tools, confined, reading
from media_storage.backends.probe import PictureRefusedError
from media_storage.constants import (
    TRANSCODE_MEMORY_BYTES,
    VIDEO_PIXELS_MAX,
    VIDEO_SECONDS_GRACE,
    VIDEO_SECONDS_MAX,
    VIDEO_SIDE_MAX,
)

HEAD_BYTES: Final = 4_096
ANSWER_BYTES_MAX: Final = 1_000_000
DEMUXERS: Final = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska"}
VIDEO_CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores"})
AUDIO_CODECS: Final = frozenset(
    {"aac", "mp3", "opus", "vorbis", "alac", "flac", "ac3", "eac3", "amrnb"}
    | {"pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_f32le"}
)
# AV1 is decoded by whichever library the system's build has.
DECODERS: Final = tuple(
    sorted({*VIDEO_CODECS, *AUDIO_CODECS, "libdav1d", "libaom-av1", "mp3float"})
)
HDR_TRANSFERS: Final = frozenset({"smpte2084", "arib-std-b67"})
_ASKED: Final = (
    "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,"
    "color_transfer:stream_disposition=attached_pic:stream_tags=rotate:"
    "stream_side_data=rotation:format=duration"
)
_QUARTER: Final = 90


@dataclass(frozen=True, slots=True)
class VideoClaim:
    """What the headers say: type, upright size in square pixels, streams, rate, length, range.

    `duration_ms` is None where only reading to the end would tell.
    """

    content_type: str
    width: int
    height: int
    duration_ms: int | None
    video_stream: int
    audio_stream: int | None
    rate: Fraction | None
    is_hdr: bool


def video_type(head: bytes) -> str | None:
    """The MIME type of a video by its first 4 kB, None for everything else."""
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else None
    if head[4:8] in OLD_QUICKTIME:
        return "video/quicktime"
    names = brands(head)
    if not names or picture_format(head):
        return None
    return "video/quicktime" if names[0] == b"qt  " else "video/mp4"


def probe_video(
    file: BinaryIO, content_type: str, tools: Tools, *, haste: Haste = PERSON
) -> VideoClaim:
    """Read the claim and hold it against the limits.

    Raises PictureRefusedError: `unreadable_video`, `video_too_long`, `video_too_large`,
    `video_hdr_unsupported`; UnavailableError `busy`.
    """
    claim = _claim(content_type, _told(file, content_type, tools, haste))
    if max(claim.width, claim.height) > VIDEO_SIDE_MAX:
        raise PictureRefusedError("video_too_large")
    if claim.width * claim.height > VIDEO_PIXELS_MAX:
        raise PictureRefusedError("video_too_large")
    if (claim.duration_ms or 0) > (VIDEO_SECONDS_MAX + VIDEO_SECONDS_GRACE) * 1000:
        raise PictureRefusedError("video_too_long")
    if claim.is_hdr and not tools.can_tone_map:
        raise PictureRefusedError("video_hdr_unsupported")
    return claim


def _told(file: BinaryIO, content_type: str, tools: Tools, haste: Haste) -> dict[str, Any]:
    limits = Limits(haste.cpu_s, TRANSCODE_MEMORY_BYTES)
    words = ["-v", "quiet", *reading(DEMUXERS[content_type], DECODERS), "-show_entries", _ASKED]
    with turn("decode", slots=haste.slots, wait_s=haste.wait_s) as slot:
        bounds = Bounds(haste.wall_s, ANSWER_BYTES_MAX, [slot])
        command = confined(limits, tools.ffprobe, *words, "-of", "json")
        status, answer = run(command, file, bounds)
    if status < 0:
        raise PictureRefusedError("video_too_complex")
    try:
        told: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise PictureRefusedError("unreadable_video") from error
    return told


def _claim(content_type: str, told: dict[str, Any]) -> VideoClaim:
    """Raises PictureRefusedError if there is no picture that moves, or one of an unknown kind."""
    streams = told.get("streams", [])
    video = _first(streams, "video", VIDEO_CODECS)
    if video is None:
        raise PictureRefusedError("unreadable_video")
    audio = _first(streams, "audio", AUDIO_CODECS)
    try:
        width, height = _upright_size(video)
        seconds = told.get("format", {}).get("duration")
        return VideoClaim(
            content_type=content_type,
            width=width,
            height=height,
            duration_ms=None if seconds is None else round(float(seconds) * 1000),
            video_stream=int(video["index"]),
            audio_stream=None if audio is None else int(audio["index"]),
            rate=_fraction(video.get("avg_frame_rate", "")),
            is_hdr=video.get("color_transfer") in HDR_TRANSFERS,
        )
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise PictureRefusedError("unreadable_video") from error


def _first(
    streams: Iterable[dict[str, Any]], kind: str, codecs: frozenset[str]
) -> dict[str, Any] | None:
    """The first stream of a codec that is decoded; a cover picture is no video."""
    for stream in streams:
        is_cover = stream.get("disposition", {}).get("attached_pic")
        codec = "amrnb" if stream.get("codec_name") == "amr_nb" else stream.get("codec_name")
        if stream.get("codec_type") == kind and codec in codecs and not is_cover:
            return stream
    return None


def _upright_size(video: dict[str, Any]) -> tuple[int, int]:
    """Width and height as they are seen, in square pixels. Raises ValueError for no area."""
    ratio = _fraction(video.get("sample_aspect_ratio", "").replace(":", "/")) or Fraction(1)
    size = round(int(video["width"]) * ratio), int(video["height"])
    if min(size) < 1:
        raise ValueError("no area")
    return size if _turn(video) % (2 * _QUARTER) == 0 else size[::-1]


def _turn(video: dict[str, Any]) -> int:
    """Degrees by which the picture is to be turned, in quarters."""
    told = [side.get("rotation") for side in video.get("side_data_list", [])]
    told.append(video.get("tags", {}).get("rotate"))
    degrees = next((value for value in told if value is not None), 0)
    return round(int(degrees) / _QUARTER) * _QUARTER


def _fraction(text: str) -> Fraction | None:
    """A positive ratio such as 30000/1001; None for 0/0 and the like."""
    above, _, below = text.partition("/")
    if not (above.isascii() and above.isdigit() and below.isascii() and below.isdigit()):
        return None
    return Fraction(int(above), int(below)) if int(above) and int(below) else None
