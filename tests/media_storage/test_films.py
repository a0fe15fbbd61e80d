"""Videos: taken in at once, converted later, upright, without a trace of where and by whom."""

import tempfile
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from core.turns import turn
from media_storage.backends import transcoder
from media_storage.backends.confinement import Limits
from media_storage.backends.ffmpeg import tools
from media_storage.constants import TRANSCODE_AGAIN_S
from media_storage.events import MediaUploaded
from media_storage.handlers import give_up_videos, on_media_uploaded
from media_storage.models import Media
from media_storage.services import media_attach, media_delete
from media_storage.shapes import media_shape
from tests.live import sockets_of
from tests.media_storage import films, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(upload, run_jobs):
    """`finished(data)`: the row after all background work."""

    def finish(data):
        media = upload(data)
        assert media.state == Media.State.PROCESSING
        run_jobs()
        media.refresh_from_db()
        return media

    return finish


@pytest.fixture
def files(store):
    """`files(media)`: what is served of it, by name."""

    def read(media):
        found = {}
        for variant in media.variants:
            with store.fetch(media.key, variant["name"]) as file:
                found[variant["name"]] = file.read()
        return found

    return read


def code(answer):
    return answer.status_code, answer.json()["code"]


def test_a_video_is_taken_at_once_and_told_when_it_is_ready(
    send, api, user, run_jobs, django_capture_on_commit_callbacks
):
    answer = send(films.video(size=(640, 480)), name="a.jpg", content_type="image/jpeg")
    media = answer.json()
    assert (answer.status_code, media["state"], media["kind"]) == (202, "processing", "video")
    assert (media["width"], media["height"], media["variants"]) == (640, 480, [])
    with sockets_of(user_ids=(user.pk,)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            run_jobs()
        ((keys, type_, data),) = received()
    assert (keys, type_) == ([f"u:{user.pk}"], "media.ready")
    ready = data["media"]
    assert (ready["state"], ready["duration_ms"] // 100, len(ready["blurhash"])) == (
        "ready",
        10,
        28,
    )
    assert [(v["width"], v["height"], v["type"]) for v in ready["variants"]] == [
        (320, 240, "image/webp"), (320, 240, "image/avif"), (480, 360, "image/webp"),
        (640, 480, "image/webp"), (640, 480, "image/avif"), (640, 480, "video/mp4"),
    ]  # fmt: skip
    shown = api(user).get(f"/api/v1/media/{media['id']}").json()
    assert {**ready, "original_url": None} == {**shown, "original_url": None}


def test_a_film_is_what_every_browser_plays(finished, files):
    film = files(finished(films.video(size=(1280, 720), rate=60)))["1080.mp4"]
    told = films.told_of(film)
    picture, sound = told["streams"]
    assert (picture["codec_name"], picture["pix_fmt"], picture["width"], picture["height"]) == (
        "h264", "yuv420p", 1080, 608,
    )  # fmt: skip
    assert Fraction(picture["avg_frame_rate"]) == 30
    assert sound["codec_name"] == "aac"
    assert film.index(b"moov") < film.index(b"mdat")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: films.video(kind="mov", sound=False), id="quicktime, silent"),
        pytest.param(lambda: films.video(kind="webm", codec="libvpx"), id="webm"),
        pytest.param(
            lambda: films.video(size=(322, 242), extra=("-aspect", "2:1")),
            id="wide",
            marks=pytest.mark.pictures,
        ),
    ],
)
def test_other_kinds_come_out_as_they_look(data, finished, files):
    media = finished(data())
    made = files(media)
    (film,) = [name for name in made if name.endswith(".mp4")]
    assert pictures.worst_error(films.frame_of(made[film])) <= 6
    assert pictures.worst_error(made["320.webp"]) <= 6
    shape = media.variants[-1]
    assert shape["width"] / shape["height"] == pytest.approx(media.width / media.height, rel=0.02)


@pytest.mark.parametrize(
    "degrees",
    [
        90,
        pytest.param(180, marks=pytest.mark.pictures),
        pytest.param(270, marks=pytest.mark.pictures),
    ],
)
def test_film_and_poster_come_out_upright(degrees, finished, files):
    media = finished(films.turned(degrees))
    assert (media.width, media.height) == (320, 240)
    made = files(media)
    assert pictures.worst_error(films.frame_of(made["320.mp4"])) <= 6
    assert pictures.worst_error(made["320.webp"]) <= 6


@pytest.mark.parametrize("kind", ["mov", pytest.param("mp4", marks=pytest.mark.pictures)])
def test_no_byte_that_is_served_tells_where_when_or_by_whom(kind, finished, files):
    data = films.laden(kind)
    assert films.CANARY.encode() in data
    media = finished(data)
    for name, served in files(media).items():
        for trace in (films.CANARY, "48.85", "ISO6709", "2024-02-03", "©xyz", "Exif", "<x:xmp"):
            assert trace.encode() not in served, (name, trace)
    told = films.told_of(files(media)["320.mp4"])
    tags = [told["format"].get("tags", {}), *(s.get("tags", {}) for s in told["streams"])]
    assert {name: value for found in tags[1:] for name, value in found.items()} == {
        "language": "und", "vendor_id": "[0][0][0][0]", "encoder": "Lavc libx264",
        "handler_name": "SoundHandler",
    }  # fmt: skip
    assert set(tags[0]) == {"major_brand", "minor_version", "compatible_brands"}
    assert told["chapters"] == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(lambda: films.video(seconds=62, rate=1, size=(16, 16)), "video_too_long", id="62 s"),
        pytest.param(lambda: films.video(size=(4098, 16)), "video_too_large", id="4098 wide"),
        pytest.param(lambda: films.video()[:3000], "unreadable_video", id="truncated"),
        pytest.param(lambda: films.video()[:40] + b"\xa7" * 9000, "unreadable_video", id="junk"),
        pytest.param(lambda: b"\0\0\0\x18ftypisom" + bytes(12), "unreadable_video", id="head alone"),
    ],
)  # fmt: skip
def test_videos_beyond_the_limits_are_refused_by_name(data, why, send, kept):
    answer = send(data())
    assert code(answer) == (422, why)
    assert (answer.json()["errors"][0]["field"], kept()) == ("file", set())


@pytest.mark.parametrize(
    "data",
    [
        b"#EXTM3U\n#EXTINF:1,\nhttp://192.0.2.1/a.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x1aE\xdf\xa3" + b"matroska" * 9,
        b"RIFF\x24\0\0\0AVI LIST",
        b"FLV\x01\x05",
    ],
    ids=["playlist", "concat", "matroska", "avi", "flv"],
)
def test_what_names_other_files_or_is_of_another_kind_is_no_video(data, send):
    films.ffmpeg_here()
    assert code(send(data, name="a.mp4", content_type="video/mp4")) == (415, "unsupported_type")


def test_an_unknown_length_that_proves_too_long_is_told(
    upload, user, run_jobs, django_capture_on_commit_callbacks
):
    """A browser's recorder writes no length; a liar's is wrong."""
    live = films.video(
        seconds=63, rate=1, size=(16, 16), kind="webm", codec="libvpx", sound=False,
        extra=("-live", "1"),
    )  # fmt: skip
    media = upload(live)
    assert media.duration_ms is None
    with sockets_of(user_ids=(user.pk,)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            run_jobs()
        ((_, type_, data),) = received()
    assert (type_, data["media"]["state"]) == ("media.failed", "failed")
    assert data["media"]["error"] == {
        "code": "video_too_long", "message": "A video may last 60 seconds.",
    }  # fmt: skip


def test_hdr_is_brought_into_standard_range_or_refused(finished, files, send, monkeypatch):
    hdr = ("-color_trc", "arib-std-b67", "-color_primaries", "bt2020", "-colorspace", "bt2020nc")
    data = films.video(extra=hdr)
    media = finished(data)
    (picture, _) = films.told_of(files(media)["320.mp4"])["streams"]
    assert (picture["color_transfer"], picture["pix_fmt"]) == ("bt709", "yuv420p")
    found = tools()
    without = type(found)(found.ffmpeg, found.ffprobe, can_tone_map=False)
    monkeypatch.setattr("media_storage.services.intake.tools", lambda: without)
    assert code(send(data)) == (422, "video_hdr_unsupported")


def test_a_conversion_that_takes_too_much_fails_by_name(finished, monkeypatch):
    for limits in (Limits(60, 60_000_000, 10**7, 32), Limits(60, 10**9, 1_000, 32)):
        monkeypatch.setattr(transcoder, "LIMITS", limits)
        media = finished(films.video())
        assert media.state == "failed"
        assert media.error_code in {"video_too_complex", "unreadable_video"}
        assert media_shape(media)["variants"] == []


def test_what_is_not_ready_is_not_attached(upload, user):
    media = upload(films.video())
    with pytest.raises(Exception, match="not ready yet"):
        media_attach(media_ids=[media.pk], owner_id=user.pk)


def test_converting_twice_converts_once(finished, files):
    media = finished(films.video())
    before = files(media)
    on_media_uploaded(MediaUploaded(media.pk))
    media.refresh_from_db()
    assert files(media) == before


def test_one_is_converted_at_a_time_and_the_next_comes_again(upload):
    media = upload(films.video())
    with turn("film", slots=[0], wait_s=0):
        on_media_uploaded(MediaUploaded(media.pk))
    media.refresh_from_db()
    assert media.state == Media.State.PROCESSING
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round(extract(epoch FROM scheduled_at - now()))::int FROM procrastinate_jobs"
            " WHERE args->>'media_id' = %s AND scheduled_at IS NOT NULL", [str(media.pk)],
        )  # fmt: skip
        assert cursor.fetchall() == [(pytest.approx(TRANSCODE_AGAIN_S, abs=2),)]


def test_what_was_deleted_meanwhile_leaves_no_file(upload, user, kept, run_jobs, monkeypatch):
    media = upload(films.video())
    convert = transcoder.film_of_video

    def slow(*arguments):
        made = convert(*arguments)
        media_delete(media_id=media.pk, owner_id=user.pk)
        return made

    monkeypatch.setattr("media_storage.services.films.film_of_video", slow)
    on_media_uploaded(MediaUploaded(media.pk))
    run_jobs()
    assert kept() == set()


def test_a_killed_conversion_leaves_nothing_for_long(finished):
    left = Path(tempfile.gettempdir(), "jyoti-film-left")
    left.mkdir()
    (left / "film.mp4").write_bytes(b"half")
    finished(films.video())
    assert not list(Path(tempfile.gettempdir()).glob("jyoti-film-*"))


def test_what_waits_for_hours_is_given_up(upload):
    media, young = upload(films.video()), upload(films.video())
    long_ago = timezone.now() - timedelta(hours=7)
    Media.objects.filter(pk=media.pk).update(created_at=long_ago)
    give_up_videos()
    found = dict(Media.objects.values_list("pk", "error_code"))
    assert found == {media.pk: "processing_failed", young.pk: ""}


def test_without_ffmpeg_there_are_no_videos_and_the_instance_says_so(send, api, monkeypatch):
    data = films.video()
    body = api().get("/api/v1/instance").json()
    assert (body["features"]["video"], "video/mp4" in body["accepted_types"]) == (True, True)
    monkeypatch.setenv("PATH", "/nowhere")
    tools.cache_clear()
    try:
        body = api().get("/api/v1/instance").json()
        assert (body["features"]["video"], "video/mp4" in body["accepted_types"]) == (False, False)
        assert code(send(data)) == (415, "video_unavailable")
    finally:
        monkeypatch.undo()
        tools.cache_clear()
