"""Turn one untrusted file into clean sRGB pictures. Runs only in the confined child process.

What goes out is encoded from pixels alone: no EXIF, XMP, IPTC, profile, comment or thumbnail
survives, because nothing but pixels is carried over.
"""

import importlib
import io
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

import blurhash

# Pillow knows a format once its plugin is imported; without these it would import all forty.
from PIL import AvifImagePlugin, Image, ImageCms, WebPImagePlugin

from media_storage.backends.probe import check_size
from media_storage.constants import (
    AVIF_PIXELS_MAX,
    AVIF_QUALITY,
    AVIF_SPEED,
    BLURHASH_COMPONENTS,
    BLURHASH_SIDE,
    PICTURE_PIXELS_MAX,
    WEBP_METHOD,
    WEBP_QUALITY,
)

PLUGINS: Final = (AvifImagePlugin, WebPImagePlugin)
LANCZOS: Final = Image.Resampling.LANCZOS
WHITE: Final = 255
# Rows per strip: what a strip needs beside the picture itself stays under a few megabytes.
STRIP_PIXELS: Final = 1_000_000

# EXIF orientation to the one step that undoes it. https://exiftool.org/TagNames/EXIF.html#0x0112
ORIENTATION_TAG: Final = 0x0112
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUARTER_TURNS: Final = frozenset({5, 6, 7, 8})

Shape = Literal["fit", "square"]


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: Pillow's format name of the source, the shape, and the widths of each type."""

    format: str
    shape: Shape
    webp_widths: Sequence[int]
    avif_widths: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoded picture."""

    width: int
    height: int
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """The size of the upright original (of its square, if that was asked), and what was made."""

    width: int
    height: int
    blurhash: str
    renditions: list[Rendition]


def render(source: BinaryIO, order: Order) -> Rendered:
    """Decode once and make every rendition. A fit is never enlarged, an avatar's square may be.

    Raises PictureRefusedError, MemoryError, or whatever Pillow finds wrong with the file.
    """
    with opened(source, order.format) as picture:
        full = picture.size
        widest = max(*order.webp_widths, *order.avif_widths, 1)
        picture.draft(None, _draft_size(full, widest))
        picture.load()
        turn = orientation(picture)
        master = _master(picture, turn, widest, order.shape)
    if turn in QUARTER_TURNS:
        full = full[::-1]
    if order.shape == "square":
        full = (min(full), min(full))
    return Rendered(*full, _blurhash(master), list(_renditions(master, full[0], order)))


def opened(source: BinaryIO, kind: str) -> Image.Image:
    """The picture before it is decoded. Raises PictureRefusedError if it is larger than it said."""
    Image.MAX_IMAGE_PIXELS = PICTURE_PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    # Each thread more would reserve address space that this process does not have.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if kind == "HEIF":
        # Only for those who need it: it costs memory and a moment.
        plugin = importlib.import_module("pillow_heif")
        plugin.register_heif_opener(
            thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
        )
    picture = Image.open(source, formats=[kind])
    check_size(kind, *picture.size)
    return picture


def _draft_size(full: tuple[int, int], widest: int) -> tuple[int, int]:
    """The least size that JPEG may be decoded at: either side may turn out to be the width."""
    scale = min(1.0, widest / min(full))
    return math.ceil(full[0] * scale), math.ceil(full[1] * scale)


def orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 when there is none or it makes no sense. XMP's is not looked at."""
    exif = Image.Exif()
    try:
        exif.load(picture.info.get("exif", b""))
        value = exif.get(ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001  Pillow's TIFF reader fails in many ways on damaged EXIF
        return 1
    return value if value in UPRIGHT else 1


def _master(picture: Image.Image, turn: int, widest: int, shape: Shape) -> Image.Image:
    """The upright sRGB picture at the largest size asked for, made strip by strip."""
    box = (0, 0, *picture.size)
    if shape == "square":
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        box = (left, top, left + side, top + side)
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(1.0, widest / (height if turn in QUARTER_TURNS else width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = _to_srgb(_shrink(picture, box, size), picture.info.get("icc_profile"))
    return small.transpose(UPRIGHT[turn]) if turn in UPRIGHT else small


def _shrink(
    picture: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int]
) -> Image.Image:
    """Flatten and resize strip by strip: a second copy of 50 megapixels would not fit."""
    left, top, right, bottom = box
    ratio = (bottom - top) / size[1]
    # Lanczos looks three target pixels to each side.
    margin = math.ceil(3 * ratio) + 1
    rows = max(1, int(STRIP_PIXELS / (right - left) / ratio))
    small: Image.Image | None = None
    for start in range(0, size[1], rows):
        end = min(size[1], start + rows)
        first, last = top + start * ratio, top + end * ratio
        upper, lower = max(top, int(first) - margin), min(bottom, math.ceil(last) + margin)
        strip = flattened(picture.crop((left, upper, right, lower)))
        part = strip.resize(
            (size[0], end - start),
            LANCZOS,
            box=(0, first - upper, right - left, min(last - upper, lower - upper)),
            reducing_gap=3.0,
        )
        if small is None:
            small = Image.new(part.mode, size)
        small.paste(part, (0, start))
    assert small is not None  # noqa: S101  size has at least one row
    return small


def flattened(strip: Image.Image) -> Image.Image:
    """8 bits a channel without alpha, on white: mode L, RGB or CMYK, colours still the file's."""
    if strip.mode.startswith("I"):
        return _from_16_bit(strip)
    if strip.has_transparency_data:
        is_grey = strip.mode in {"L", "LA", "La"} and "transparency" not in strip.info
        clear = strip.convert("LA" if is_grey else "RGBA")
        flat = Image.new("L" if is_grey else "RGB", strip.size, (WHITE,) * (1 if is_grey else 3))
        flat.paste(clear.convert(flat.mode), mask=clear.getchannel("A"))
        return flat
    if strip.mode in {"L", "RGB", "CMYK"}:
        return strip
    return strip.convert("L" if strip.mode == "1" else "RGB")


def _from_16_bit(strip: Image.Image) -> Image.Image:
    wide = strip.convert("I") if strip.mode != "I" else strip
    return wide.point(lambda value: value * (1 / 257) + 0.5).convert("L")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """SRGB by the embedded profile; without one, or with one that makes no sense, as it stands."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            picture = converted
    picture = picture.convert("RGB")
    picture.info = {}
    return picture


def _blurhash(picture: Image.Image) -> str:
    tiny = picture.copy()
    tiny.thumbnail((BLURHASH_SIDE, BLURHASH_SIDE), reducing_gap=2.0)
    flat = list(tiny.get_flattened_data())
    rows = [flat[at : at + tiny.width] for at in range(0, len(flat), tiny.width)]
    return str(blurhash.encode(rows, *BLURHASH_COMPONENTS))


def _renditions(master: Image.Image, full_width: int, order: Order) -> Iterator[Rendition]:
    """All renditions, the widest first, each resized from the one before it."""
    wanted = {w: _sized(w, full_width, order) for w in (*order.webp_widths, *order.avif_widths)}
    webp = {wanted[w] for w in order.webp_widths}
    avif = {wanted[w] for w in order.avif_widths}
    picture = master
    for width in sorted(webp | avif, reverse=True):
        size = (width, max(1, round(master.height * width / master.width)))
        if size != picture.size:
            picture = picture.resize(size, LANCZOS, reducing_gap=3.0)
        if width in webp:
            yield _encoded(picture, "image/webp")
        if width in avif and size[0] * size[1] <= AVIF_PIXELS_MAX:
            yield _encoded(picture, "image/avif")


def _sized(width: int, full_width: int, order: Order) -> int:
    return width if order.shape == "square" else min(width, full_width)


def _encoded(picture: Image.Image, content_type: str) -> Rendition:
    out = io.BytesIO()
    if content_type == "image/avif":
        # One thread: each more would reserve address space that the child does not have.
        picture.save(out, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    else:
        picture.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return Rendition(picture.width, picture.height, content_type, out.getvalue())
