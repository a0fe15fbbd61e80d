"""Pictures that move become silent films where there is ffmpeg; elsewhere their first frame stands."""

import pytest
from PIL import Image

from media_storage.backends import ffmpeg, transcoder
from media_storage.backends.confinement import Limits
from media_storage.models import Media
from tests.media_storage import films, pictures

pytestmark = pytest.mark.django_db
SECOND = Image.new("RGB", (400, 300), (10, 20, 30))


@pytest.fixture(autouse=True)
def _ffmpeg():
    films.ffmpeg_here()


def moving(kind, *, frames=20, duration=50, size=(400, 300), **options):
    """Quadrants in the first half, one dark colour in the second."""
    first = pictures.quadrants(size)
    # Frames that are equal are one: a dot goes through the picture.
    made = []
    for index in range(frames):
        frame = first.copy() if index < frames // 2 else SECOND.resize(size)
        frame.putpixel((index, 0), (255, 255, 255))
        made.append(frame)
    return pictures.encoded(
        made[0], kind, save_all=True, append_images=made[1:], duration=duration, loop=0, **options
    )


@pytest.fixture
def film(upload, run_jobs, store):
    """`film(data)`: the row after all background work, and the bytes of its film."""

    def make(data):
        media = upload(data)
        assert (media.kind, media.state) == ("video", "processing")
        run_jobs()
        media.refresh_from_db()
        (name,) = [v["name"] for v in media.variants if v["type"] == "video/mp4"]
        with store.fetch(media.key, name) as file:
            return media, file.read()

    return make


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("GIF", {}),
        ("WEBP", {"quality": 90}),
        pytest.param("PNG", {}, marks=pytest.mark.pictures),
    ],
)
def test_an_animation_becomes_a_silent_film_that_shows_the_same(kind, options, film, send):
    data = moving(kind, **options)
    assert send(data).status_code == 202
    media, made = film(data)
    assert (media.state, media.duration_ms) == ("ready", pytest.approx(1000, abs=45))
    assert pictures.worst_error(films.frame_of(made, at_s=0.2)) <= 6
    assert pictures.worst_error(films.frame_of(made, at_s=0.8), (SECOND.getpixel((0, 0)),) * 4) <= 6
    assert [s["codec_type"] for s in films.told_of(made)["streams"]] == ["video"]


def test_the_first_frame_is_its_poster_in_every_size(film, store):
    media, _ = film(moving("GIF"))
    assert [v["name"] for v in media.variants] == [
        "320.webp", "320.avif", "400.webp", "400.avif", "400.mp4",
    ]  # fmt: skip
    with store.fetch(media.key, "400.webp") as file:
        assert pictures.worst_error(file.read()) <= 6


@pytest.mark.pictures
def test_a_wide_one_is_1080_wide_with_even_sides(film):
    media, made = film(moving("GIF", frames=4, size=(1201, 67)))
    assert (media.width, media.height) == (1201, 67)
    picture = films.told_of(made)["streams"][0]
    assert (picture["width"], picture["height"]) == (1080, 60)


def test_frames_without_a_duration_are_shown_as_browsers_show_them(film):
    media, _ = film(moving("GIF", frames=10, duration=10))
    assert media.duration_ms == pytest.approx(1000, abs=45)


@pytest.mark.pictures
def test_an_endless_one_ends_after_a_minute(film):
    media, _ = film(moving("GIF", frames=10, duration=60_000, size=(40, 30)))
    assert media.duration_ms == pytest.approx(60_000, abs=45)


def test_one_that_breaks_off_ends_where_it_breaks(film):
    data = moving("GIF")
    media, _ = film(data[: len(data) * 3 // 4])
    assert 400 < media.duration_ms < 1000


def test_its_metadata_is_gone(film):
    _, made = film(moving("WEBP", exif=pictures.exif(), xmp=pictures.CANARY))
    assert pictures.CANARY not in made


def test_one_of_which_no_film_can_be_made_stands_still(upload, run_jobs, monkeypatch):
    monkeypatch.setattr(transcoder, "LIMITS", Limits(60, 10**9, 100, 32))
    media = upload(moving("GIF"))
    run_jobs()
    media.refresh_from_db()
    assert (media.kind, media.state, media.error_code) == ("image", "ready", "")
    assert [v["name"] for v in media.variants] == ["320.webp", "320.avif", "400.webp", "400.avif"]


def test_without_ffmpeg_the_first_frame_stands(send, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    ffmpeg.tools.cache_clear()
    try:
        answer = send(moving("GIF")).json()
    finally:
        monkeypatch.undo()
        ffmpeg.tools.cache_clear()
    assert (answer["kind"], answer["state"]) == ("image", "ready")


def test_a_still_picture_of_the_same_type_is_a_picture(send):
    for kind in ("GIF", "WEBP", "PNG"):
        answer = send(pictures.encoded(pictures.quadrants(), kind))
        assert (answer.status_code, answer.json()["kind"]) == (201, "image")
    assert not Media.objects.filter(kind="video").exists()
