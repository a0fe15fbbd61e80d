"""A store that is down, slow or half-closes: people wait little, are told, and lose nothing."""

import contextlib
import socket
import threading
import time

import pytest

from media_storage.backends.storage import media_storage, storage_at
from media_storage.events import MediaFilesRetired
from media_storage.handlers import deliver_waiting, on_media_files_retired
from media_storage.models import Media, WaitingPart
from media_storage.shapes.addresses import address
from tests.core.tcp_proxy import tcp_proxy
from tests.media_storage import pictures, stores
from tests.media_storage.test_direct import send as send_directly

pytestmark = pytest.mark.django_db


@contextlib.contextmanager
def deaf():
    """A server that takes connections and says nothing; `half` closes its side after a request."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()
    held = []

    def take():
        while not ended.is_set():
            with contextlib.suppress(OSError):
                held.append(listener.accept()[0])

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], held
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in held:
            connection.close()
        thread.join()


class Way:
    """A store behind a way that can be cut."""

    def __init__(self, proxy, place):
        self.cut, self.mend = proxy.cut, proxy.mend
        self.url, self.server = place.url, place.server


@pytest.fixture(params=["s3", "cloudinary"])
def way(request, settings):
    """A store whose connections go through a relay; MEDIA_BACKEND_URL names it."""
    server, origin = request.getfixturevalue(f"{request.param}_server")
    with tcp_proxy(origin) as proxy:
        via = f"http://127.0.0.1:{proxy.port}"
        place = getattr(stores, f"{request.param}_place")(server, origin, via=via)
        settings.MEDIA_BACKEND_URL = place.url
        yield Way(proxy, place)


def test_while_the_store_is_down_an_upload_is_kept_told_and_brought_there(
    way, send, api, user, run_jobs, published
):
    way.cut()
    began = time.monotonic()
    answer = send(pictures.jpeg())
    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.json()["state"]) == (202, "processing")
    media = Media.objects.get()
    with media_storage().fetch(media.original_key, "original.jpg") as file:
        assert file.read() == pictures.jpeg()
    deliver_waiting()
    assert Media.objects.get().state == "processing"
    assert "MediaReady" not in published.names()

    way.mend()
    deliver_waiting()
    deliver_waiting()
    assert WaitingPart.objects.count() == 0
    assert published.names().count("MediaReady") == 1
    told = api(user).get(f"/api/v1/media/{media.pk}").json()
    assert (told["state"], told["variants"][0]["width"]) == ("ready", 320)
    there = storage_at(way.url)
    assert there.sizes(media.original_key) == {"original.jpg": len(pictures.jpeg())}
    assert set(there.sizes(media.key)) == {"320.webp", "480.webp"}
    run_jobs()
    assert set(there.sizes(media.key)) == {"320.webp", "480.webp", "320.avif", "480.avif"}


def test_while_the_store_hangs_nobody_waits_longer_than_five_seconds(
    request, settings, send, s3_server
):
    with deaf() as (port, _):
        settings.MEDIA_BACKEND_URL = stores.s3_place(*s3_server, via=f"http://127.0.0.1:{port}").url
        began = time.monotonic()
        assert send(pictures.jpeg((1200, 800))).status_code == 202
        assert time.monotonic() - began < 5


def test_a_refusal_while_the_store_hangs_takes_no_longer(settings, send, s3_server, monkeypatch):
    monkeypatch.setattr("media_storage.backends.waiting.WAITING_BYTES_MAX", 100)
    with deaf() as (port, _):
        settings.MEDIA_BACKEND_URL = stores.s3_place(*s3_server, via=f"http://127.0.0.1:{port}").url
        began = time.monotonic()
        assert send(pictures.jpeg()).json()["code"] == "store_unavailable"
        assert time.monotonic() - began < 5


def test_a_store_that_closes_in_the_middle_loses_nothing(settings, send, s3_server):
    with deaf() as (port, held):
        settings.MEDIA_BACKEND_URL = stores.s3_place(*s3_server, via=f"http://127.0.0.1:{port}").url
        stop = threading.Event()

        def close():
            while not stop.wait(0.01):
                while held:
                    with contextlib.suppress(OSError), held.pop() as connection:
                        connection.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=close)
        thread.start()
        try:
            assert send(pictures.jpeg()).status_code == 202
        finally:
            stop.set()
            thread.join()
    names = {part.name for part in WaitingPart.objects.all()}
    assert names == {"320.webp", "480.webp", "original.jpg"}


def test_a_picture_removed_while_it_waits_never_reaches_the_store(way, upload, run_jobs):
    way.cut()
    media = upload()
    way.mend()
    for key in (media.key, media.original_key):
        Media.objects.filter(pk=media.pk).delete()
        on_media_files_retired(MediaFilesRetired(key))
    deliver_waiting()
    assert list(storage_at(way.url).key_ages()) == []


def test_too_much_that_waits_is_refused_with_a_word(way, send, monkeypatch):
    monkeypatch.setattr("media_storage.backends.waiting.WAITING_BYTES_MAX", 100)
    way.cut()
    answer = send(pictures.jpeg())
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert (Media.objects.count(), WaitingPart.objects.count()) == (0, 0)


def test_a_file_that_cannot_be_read_now_is_503(way, upload, client, settings):

    media = upload()
    way.cut()
    before, behind = address(media.key)
    answer = client.get(f"{before}320.webp{behind}")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    way.mend()
    again = client.get(f"{before}320.webp{behind}")
    assert (again.status_code, b"".join(again)[:4]) == (200, b"RIFF")


def test_a_direct_upload_is_taken_in_when_the_store_answers_again(way, api, user, run_jobs):
    data = pictures.jpeg()
    body = {"bytes": len(data), "content_type": "image/jpeg"}
    upload = api(user).post("/api/v1/media/uploads", body).json()
    assert send_directly(upload, data) in {200, 204}
    way.cut()
    answer = api(user).post(f"/api/v1/media/uploads/{upload['id']}/complete")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    way.mend()
    run_jobs()
    done = api(user).post(f"/api/v1/media/uploads/{upload['id']}/complete")
    assert (done.status_code, done.json()["id"]) == (201, str(Media.objects.get().pk))


def test_without_the_store_leave_leads_through_us(way, api, user):
    way.cut()
    data = pictures.jpeg()
    body = {"bytes": len(data), "content_type": "image/jpeg"}
    client = api(user)
    upload = client.post("/api/v1/media/uploads", body).json()
    if upload["method"] == "PUT":
        assert send_directly(upload, data) == 204
        done = client.post(f"/api/v1/media/uploads/{upload['id']}/complete")
        assert (done.status_code, done.json()["state"]) == (202, "processing")
