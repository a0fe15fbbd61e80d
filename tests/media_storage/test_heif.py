"""HEIC and AVIF in: what phones shoot, decoded like everything else, and never served as it came."""

import io
import struct

import pillow_heif
import pytest
from PIL import Image, ImageCms

from media_storage.backends import boxes
from media_storage.backends.decoder import decode
from media_storage.backends.probe import probe
from tests.media_storage import pictures
from tests.media_storage.pictures import CANARY, COLOURS, encoded, quadrants
from tests.media_storage.test_decode import decoded, file_of, half, refused, swapped_profile

pillow_heif.register_heif_opener()
KINDS = pytest.mark.parametrize("kind", ["HEIF", "AVIF"])


def made_of(picture, kind, **options):
    """The bytes, hardly compressed."""
    return encoded(picture, kind, quality=95, **options)


@KINDS
def test_both_are_known_by_content_and_come_out_as_they_look(kind):
    data = made_of(quadrants(), kind)
    with file_of(data) as file:
        claim = probe(file)
        assert (claim.format, claim.width, claim.height) == (kind, 480, 320)
        made = decode(file, claim, webp_widths=(320,))
    assert claim.content_type == {"HEIF": "image/heic", "AVIF": "image/avif"}[kind]
    assert pictures.worst_error(made.pictures[0].data) <= 6
    assert len(made.blurhash) == 28


@KINDS
@pytest.mark.parametrize("orientation", range(2, 9))
def test_every_orientation_comes_out_upright(orientation, kind):
    exif = pictures.exif(orientation).tobytes()
    data = made_of(pictures.turned(orientation), kind, exif=exif)
    assert (b"irot" in data) or (b"imir" in data)
    made = decoded(data, widths=(320,))
    assert (made.width, made.height) == (480, 320)
    assert pictures.worst_error(made.pictures[0].data) <= 6


@KINDS
def test_alpha_grey_and_profiles_look_right(kind):
    clear = quadrants()
    clear.putalpha(128)
    swapped = swapped_profile()
    srgb = ImageCms.createProfile("sRGB")
    other = ImageCms.profileToProfile(quadrants(), srgb, swapped, outputMode="RGB")
    greys = (20, 90, 170, 240)
    for picture, options, colours in (
        (clear, {}, tuple(map(half, COLOURS))),
        (quadrants(mode="L", colours=greys), {}, tuple((level,) * 3 for level in greys)),
        (other, {"icc_profile": swapped.tobytes()}, COLOURS),
    ):
        made = decoded(made_of(picture, kind, **options), widths=(320,))
        assert pictures.worst_error(made.pictures[0].data, colours) <= 6


def test_ten_bits_a_channel_look_right():
    wide = pillow_heif.from_bytes(
        mode="RGB;16",
        size=pictures.SIZE,
        data=b"".join(
            struct.pack("<3H", *(v * 257 for v in p)) for p in quadrants().get_flattened_data()
        ),
    )
    out = io.BytesIO()
    wide.save(out, quality=95)
    made = decoded(out.getvalue(), widths=(320,))
    assert pictures.worst_error(made.pictures[0].data) <= 6


@KINDS
def test_nothing_but_pixels_is_in_any_variant(kind):
    data = made_of(quadrants(), kind, exif=pictures.exif(), xmp=CANARY) + CANARY
    assert data.count(CANARY) >= 3
    for picture in decoded(data, widths=(320,), avif_widths=(320,)).pictures:
        for trace in (CANARY, b"Exif", b"EXIF", b"XMP ", b"GPS", b"<x:xmp"):
            assert trace not in picture.data, (picture.name, trace)


def resized(data, width, height):
    """The same file, which says that it is this large."""
    changed = bytearray(data)
    at = changed.find(b"ispe")
    while at >= 0:
        changed[at + 8 : at + 16] = struct.pack(">II", width, height)
        at = changed.find(b"ispe", at + 4)
    return bytes(changed)


@KINDS
@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((6000, 4200), "too_many_pixels"),
        ((12_001, 10), "too_long_side"),
        ((2**32 - 1, 2**32 - 1), "too_long_side"),
        ((0, 100), "unreadable_picture"),
    ],
)
def test_sizes_are_told_by_the_header_alone(size, code, kind):
    why, seconds = refused(resized(made_of(quadrants((64, 64)), kind), *size))
    assert (why, seconds) == (code, pytest.approx(0, abs=0.1))


def test_a_heic_that_is_larger_than_it_says_is_refused():
    data = resized(made_of(Image.new("RGB", (2000, 1000)), "HEIF"), 64, 64)
    assert refused(data) == ("unreadable_picture", pytest.approx(0, abs=4))


def test_an_avif_that_is_larger_than_it_says_is_as_small_as_it_says():
    data = resized(made_of(Image.new("RGB", (2000, 1000)), "AVIF"), 64, 64)
    made = decoded(data, widths=(320,))
    assert (made.width, made.height) == (64, 64)


@KINDS
@pytest.mark.parametrize("keep", [20, 200, 0.5, 0.9])
def test_broken_ones_are_refused_quickly(keep, kind):
    data = made_of(quadrants(), kind)
    cut = data[: keep if keep > 1 else int(len(data) * keep)]
    why, seconds = refused(cut)
    assert (why, seconds) == ("unreadable_picture", pytest.approx(0, abs=3))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "unreadable_picture"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 12, "unreadable_picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 12 + b"\0\0\0\0meta", "unreadable_picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 12 + b"\0\0\0\x08free" * 100_000, "unreadable_picture"),
        (b"\0\0\0\x18ftypcrx " + b"\0" * 12, "unsupported_type"),
    ],
    ids=["head alone", "zeros", "empty meta", "many boxes", "raw of a camera"],
)
def test_boxes_that_hold_nothing_are_refused_at_once(data, code):
    assert refused(data) == (code, pytest.approx(0, abs=0.2))


def test_a_box_may_be_long_or_reach_to_the_end():
    inner = struct.pack(">I4sI", 8 + 12, b"ispe", 0) + struct.pack(">II", 7, 5)
    for name in (b"ipco", b"iprp"):
        inner = struct.pack(">I4sQ", 1, name, 16 + len(inner)) + inner
    whole = b"\0\0\0\x10ftypheic\0\0\0\0" + struct.pack(">I4sI", 0, b"meta", 0) + inner
    assert boxes.picture_size(whole) == (7, 5)
