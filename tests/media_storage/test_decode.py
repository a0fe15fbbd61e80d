"""The confined decoder: right-looking pictures without metadata, and an end for hostile files."""

import io
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from media_storage.backends.decoder import Haste, decode
from media_storage.backends.probe import Claim, PictureRefusedError, probe
from tests.media_storage import pictures
from tests.media_storage.pictures import CANARY, COLOURS, GOLD, RED, encoded, quadrants

WIDTHS = (320, 640, 1080)
WHITE = (255, 255, 255)


def file_of(data):
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by whoever asked for it
    file.write(data)
    file.flush()
    return file


def decoded(data, widths=WIDTHS, **options):
    with file_of(data) as file:
        return decode(file, probe(file), webp_widths=widths, **options)


def refused(data):
    """The code of the refusal, and the seconds that it took."""
    start = time.monotonic()
    with pytest.raises(PictureRefusedError) as caught:
        decoded(data)
    return caught.value.code, time.monotonic() - start


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation, kind):
    options = {"JPEG": {}, "PNG": {}, "WEBP": {"quality": 95}}[kind]
    data = encoded(pictures.turned(orientation), kind, exif=pictures.exif(orientation), **options)
    made = decoded(data, widths=(320,))
    assert (made.width, made.height) == (480, 320)
    assert (made.pictures[0].width, made.pictures[0].height) == (320, 213)
    assert pictures.worst_error(made.pictures[0].data) <= 6


def test_an_orientation_that_makes_no_sense_changes_nothing():
    made = decoded(pictures.jpeg(exif=pictures.exif(99)))
    assert (made.width, made.height) == (480, 320)
    assert pictures.worst_error(made.pictures[0].data) <= 6


def in_cmyk():
    return encoded(quadrants().convert("CMYK"))


def in_16_bit_grey():
    grey = Image.new("I;16", pictures.SIZE)
    for index, level in enumerate((20, 90, 170, 240)):
        left, top = (index % 2) * 240, (index // 2) * 160
        grey.paste(level * 257, (left, top, left + 240, top + 160))
    return encoded(grey, "PNG")


GREYS = tuple((level,) * 3 for level in (20, 90, 170, 240))


def in_palette():
    return encoded(quadrants().quantize(16), "PNG")


def in_palette_gif():
    return encoded(quadrants().quantize(16), "GIF")


def in_transparent_palette():
    picture = quadrants(mode="P", colours=(0, 1, 2, 3))
    picture.putpalette([v for colour in COLOURS for v in colour])
    return encoded(picture, "PNG", transparency=3)


def in_grey():
    return encoded(quadrants(mode="L", colours=(20, 90, 170, 240)))


def in_one_bit():
    return encoded(quadrants(mode="1", colours=(0, 1, 1, 0)), "PNG")


def half_clear(mode="RGBA"):
    """Each colour at half strength over white."""
    picture = quadrants()
    picture.putalpha(128)
    return encoded(
        picture, "PNG" if mode == "RGBA" else mode, **({"lossless": True} if mode == "WEBP" else {})
    )


def half(colour):
    return tuple(round((c * 128 + 255 * 127) / 255) for c in colour)


def grey_with_alpha():
    picture = quadrants(mode="LA", colours=((20, 255), (90, 255), (170, 255), (0, 0)))
    return encoded(picture, "PNG")


def clear_black():
    """Hidden colours below full transparency do not show."""
    picture = quadrants(
        mode="RGBA", colours=((*RED, 255), (0, 0, 0, 0), (9, 9, 9, 0), (*GOLD, 255))
    )
    return encoded(picture, "PNG")


@pytest.mark.parametrize(
    ("data", "colours"),
    [
        pytest.param(in_cmyk(), COLOURS, id="cmyk"),
        pytest.param(in_16_bit_grey(), GREYS, id="16-bit"),
        pytest.param(in_palette(), COLOURS, id="palette"),
        pytest.param(in_palette_gif(), COLOURS, id="gif"),
        pytest.param(in_transparent_palette(), (*COLOURS[:3], WHITE), id="clear-palette"),
        pytest.param(in_grey(), GREYS, id="grey"),
        pytest.param(in_one_bit(), ((0,) * 3, WHITE, WHITE, (0,) * 3), id="one-bit"),
        pytest.param(half_clear(), tuple(map(half, COLOURS)), id="alpha"),
        pytest.param(half_clear("WEBP"), tuple(map(half, COLOURS)), id="alpha-webp"),
        pytest.param(grey_with_alpha(), (*GREYS[:3], WHITE), id="grey-alpha"),
        pytest.param(clear_black(), (RED, WHITE, WHITE, GOLD), id="hidden-colour"),
    ],
)
def test_every_mode_comes_out_as_it_looks(data, colours):
    made = decoded(data, widths=(320,))
    assert pictures.worst_error(made.pictures[0].data, colours) <= 6


def test_an_embedded_profile_is_turned_into_srgb():
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    in_lab = ImageCms.profileToProfile(quadrants(), srgb, lab, outputMode="LAB")
    swapped = swapped_profile()
    stored = ImageCms.profileToProfile(quadrants(), srgb, swapped, outputMode="RGB")
    assert in_lab.mode == "LAB"
    assert stored.getpixel((10, 10)) != RED
    made = decoded(encoded(stored, "PNG", icc_profile=swapped.tobytes()), widths=(320,))
    assert pictures.worst_error(made.pictures[0].data) <= 6


def swapped_profile():
    """sRGB with the tags of red and blue exchanged: a profile that cannot be ignored unseen."""
    raw = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at_red, at_blue = raw.index(b"rXYZ"), raw.index(b"bXYZ")
    raw[at_red : at_red + 4], raw[at_blue : at_blue + 4] = b"bXYZ", b"rXYZ"
    return ImageCms.ImageCmsProfile(io.BytesIO(bytes(raw)))


@pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 200], ids=["text", "zeros"])
def test_a_profile_that_makes_no_sense_is_ignored(profile):
    made = decoded(pictures.jpeg(icc_profile=profile), widths=(320,))
    assert pictures.worst_error(made.pictures[0].data) <= 6


@pytest.mark.parametrize(
    "data",
    [pictures.laden_jpeg(), pictures.laden_png(), pictures.laden_webp()],
    ids=["jpeg", "png", "webp"],
)
def test_nothing_but_pixels_is_in_any_variant(data):
    assert CANARY in data
    made = decoded(data, widths=(160, 320), avif_widths=(320,))
    assert [p.type for p in made.pictures] == ["image/webp", "image/webp", "image/avif"]
    for picture in made.pictures:
        for trace in (
            CANARY,
            b"Exif",
            b"EXIF",
            b"XMP ",
            b"ICCP",
            b"<x:xmp",
            b"GPS",
            b"8BIM",
            b"PK\x03",
        ):
            assert trace not in picture.data, (picture.name, trace)
        with Image.open(io.BytesIO(picture.data)) as opened:
            assert not opened.getexif()
            assert "icc_profile" not in opened.info


def test_webp_variants_have_no_chunk_beside_the_picture():
    made = decoded(pictures.laden_jpeg())
    assert {p.data[12:16] for p in made.pictures} == {b"VP8 "}


def test_pictures_are_never_enlarged_and_the_smallest_always_exists():
    assert [p.name for p in decoded(pictures.jpeg((200, 100))).pictures] == ["200.webp"]
    assert [p.name for p in decoded(pictures.jpeg((500, 100))).pictures] == ["320.webp", "500.webp"]
    wide = decoded(pictures.jpeg((1500, 100))).pictures
    assert [(p.width, p.height) for p in wide] == [(320, 21), (640, 43), (1080, 72)]


def test_an_avatar_is_the_centre_square_at_exactly_its_sides():
    tall = Image.new("RGB", (90, 400), RED)
    tall.paste(GOLD, (0, 155, 90, 245))
    made = decoded(encoded(tall), widths=(96, 192, 320), shape="square")
    assert (made.width, made.height) == (90, 90)
    assert [(p.width, p.height) for p in made.pictures] == [(96, 96), (192, 192), (320, 320)]
    assert pictures.worst_error(made.pictures[2].data, (GOLD,) * 4) <= 6


@pytest.mark.parametrize("size", [(1, 1), (12_000, 1), (1, 12_000), (7, 3000)])
def test_the_oddest_sizes_work(size):
    made = decoded(encoded(Image.new("RGB", size, RED), "PNG"))
    assert (made.width, made.height) == size
    assert len(made.blurhash) == 28


def test_a_large_picture_is_the_same_in_strips_as_in_one_piece():
    """A slanted ramp would show any seam between strips."""
    ramp = Image.linear_gradient("L").resize((3000, 2400)).rotate(30, expand=False)
    made = decoded(encoded(ramp.convert("RGB"), "PNG"), widths=(640,))
    whole = ramp.convert("RGB").resize((640, 512), Image.Resampling.LANCZOS)
    with Image.open(io.BytesIO(made.pictures[0].data)) as opened:
        got = opened.convert("L").tobytes()
    want = whole.convert("L").tobytes()
    errors = [abs(a - b) for a, b in zip(got, want, strict=True)]
    assert sum(errors) / len(errors) < 1.5
    assert max(errors) < 40


def test_the_first_frame_stands_for_an_animation():
    made = decoded(pictures.gif_of(5, (400, 300)))
    assert pictures.worst_error(made.pictures[0].data) <= 6
    frames = [quadrants(), Image.new("RGB", pictures.SIZE)]
    webp = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], quality=95)
    assert pictures.worst_error(decoded(webp).pictures[0].data) <= 6


PACKED = b"x\0\0" + zlib.compress(bytes(40_000_000), 1)
HOSTILE = {
    "webp of 268 megapixels in 50 bytes": (pictures.webp_bomb(16_384, 16_384), "too_long_side"),
    "webp of 48 megapixels": (pictures.webp_bomb(12_000, 4_000), "too_many_pixels"),
    "webp with a false canvas": (pictures.webp_with_false_canvas(), "unreadable_picture"),
    "png of 144 megapixels": (pictures.png_claiming(12_000, 12_000), "too_many_pixels"),
    "png of 4 gigapixels": (pictures.png_claiming(2**31 - 1, 2), "too_long_side"),
    "png without area": (pictures.png_claiming(0, 100), "unreadable_picture"),
    "png with a packed profile of 40 MB": (
        pictures.png_claiming(100, 100, extra=pictures.chunk(b"iCCP", PACKED)),
        "unreadable_picture",
    ),
    "icon": (pictures.ico(), "unsupported_type"),
    "3,000 scans": (pictures.scan_bomb(3_000, (400, 400)), "too_many_scans"),
    "animation of 201 frames": (pictures.gif_of(201), "too_many_frames"),
    "apng of 201 frames": (pictures.apng_claiming(201), "too_many_frames"),
    "truncated jpeg": (pictures.jpeg()[:2000], "unreadable_picture"),
    "truncated png": (encoded(quadrants(), "PNG")[:200], "unreadable_picture"),
    "truncated webp": (encoded(quadrants(), "WEBP")[:100], "unreadable_picture"),
    "truncated gif": (encoded(quadrants(), "GIF")[:40], "unreadable_picture"),
    "gif header alone": (b"GIF89a" + bytes(7), "unreadable_picture"),
    "jpeg header alone": (b"\xff\xd8\xff", "unreadable_picture"),
    "png header alone": (b"\x89PNG\r\n\x1a\n", "unreadable_picture"),
    "webp header alone": (b"RIFF\0\0\0\0WEBP", "unreadable_picture"),
    "empty": (b"", "empty_file"),
    "text": (b"just words, no picture", "unsupported_type"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unsupported_type"),
    "html before a jpeg": (b"<html>" + pictures.jpeg(), "unsupported_type"),
    "bmp": (encoded(quadrants(), "BMP"), "unsupported_type"),
    "tiff": (encoded(quadrants(), "TIFF"), "unsupported_type"),
    "gif of a million tiny blocks": (
        b"GIF89a\x10\0\x10\0\0\0\0!\xfe" + b"\x01x" * 1_000_000 + b"\0;",
        "picture_too_complex",
    ),
    "png of a million empty chunks": (
        pictures.png_claiming(9, 9, extra=pictures.chunk(b"aaAa", b"") * 1_000_000),
        "picture_too_complex",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly_by_name(name):
    data, code = HOSTILE[name]
    assert refused(data) == (code, pytest.approx(0, abs=3))


def test_a_scan_bomb_behind_the_gate_ends_with_its_cpu_time():
    """Let past the gate and given a minute, it gets one second of the processor."""
    claim = Claim("JPEG", "image/jpeg", 2000, 2000)
    haste = Haste(1, 60.0, 5.0, range(2))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (
        file_of(pictures.scan_bomb(8_000, (2000, 2000))) as file,
        pytest.raises(PictureRefusedError) as caught,
    ):
        decode(file, claim, webp_widths=WIDTHS, haste=haste)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert caught.value.code == "picture_too_complex"
    assert 0.9 < after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_a_picture_that_outgrows_the_childs_memory_is_refused():
    """40 bytes that would take 780 MB, let past the gate."""
    claim = Claim("WEBP", "image/webp", 7000, 7000)
    with (
        file_of(pictures.webp_bomb(7000, 7000)) as file,
        pytest.raises(PictureRefusedError) as caught,
    ):
        decode(file, claim, webp_widths=WIDTHS)
    assert caught.value.code in {"picture_too_complex", "unreadable_picture"}


MEASURE = """
import resource, sys
from media_storage.backends.decoder import decode
from media_storage.backends.probe import probe
with open(sys.argv[1], "rb") as file:
    made = decode(file, probe(file), webp_widths=(320, 640, 1080))
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(made.width, made.height, len(made.pictures), peak // 1024)
"""


@pytest.mark.parametrize(
    ("data", "size", "most_mb"),
    [
        pytest.param(pictures.jpeg((4000, 3000)), (4000, 3000), 100, id="12 MP jpeg"),
        pytest.param(
            pictures.png_of_one_colour(8000, 6250, (*RED, 128)), (8000, 6250), 300, id="50 MP png"
        ),
        pytest.param(pictures.webp_bomb(5000, 4000), (5000, 4000), 400, id="20 MP webp"),
    ],
)
def test_pictures_at_the_limits_fit_the_memory_of_the_child(data, size, most_mb, tmp_path):
    (tmp_path / "picture").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "picture")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    width, height, count, peak_mb = map(int, done.stdout.split())
    assert (width, height, count) == (*size, 3)
    assert peak_mb < most_mb


def test_whoever_reads_the_file_finds_it_where_it_was():
    data = encoded(Image.effect_noise((300, 300), 90), "PNG")
    with file_of(data) as file:
        file.seek(0)
        first = file.read(10)
        decode(file, probe(file), webp_widths=(320,))
        assert first + file.read() == data


def test_a_picture_that_takes_too_long_is_given_up():
    haste = Haste(5, 0.02, 5.0, range(2))
    with pytest.raises(PictureRefusedError) as caught:
        decoded(pictures.jpeg(), haste=haste)
    assert caught.value.code == "picture_too_complex"
