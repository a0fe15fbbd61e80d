"""A store and turns of its own for each test, and the shortest way to an upload."""

import io
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from procrastinate.contrib.django import app as jobs

from core import events
from media_storage import events as media_events
from media_storage.backends.storage import media_storage
from media_storage.services import media_create
from tests.media_storage import pictures, stores


@pytest.fixture(autouse=True)
def store(settings, tmp_path, monkeypatch):
    """An empty local store; uploads and turns use this test's own temporary folder too."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    settings.MEDIA_BACKEND_URL = f"file://{tmp_path / 'media'}"
    return media_storage()


@pytest.fixture
def kept(tmp_path):
    """`kept()`: the files in the store, as (key, name)."""

    def files():
        root = tmp_path / "media"
        return {(f.parent.name, f.name) for f in root.rglob("*") if f.is_file()}

    return files


@pytest.fixture
def upload(user):
    """`upload(data=…, owner=…)`: a picture kept by the service."""

    def make(data=None, *, owner=None, alt_text=""):
        file = io.BytesIO(data or pictures.jpeg())
        return media_create(owner_id=(owner or user).pk, file=file, alt_text=alt_text)

    return make


@pytest.fixture
def send(api, user):
    """`send(data, name=…, **fields)`: POST media as `user`, the answer as it came."""

    def post(data, *, name="a.jpg", content_type="image/jpeg", person=None, headers=None, **fields):
        file = SimpleUploadedFile(name, data, content_type)
        client = api(person or user)
        return client.post(
            "/api/v1/media", {"file": file, **fields}, format="multipart", headers=headers
        )

    return post


class Published:
    """The events that were published: each waits as a job of one more subscriber."""

    PREFIX = "tests.published."

    def names(self):
        """In the order of publishing."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name FROM procrastinate_jobs WHERE task_name LIKE %s ORDER BY id",
                [f"{self.PREFIX}%"],
            )
            return [row[0].removeprefix(self.PREFIX) for row in cursor.fetchall()]

    def clear(self):
        """Forget those so far."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE task_name LIKE %s", [f"{self.PREFIX}%"]
            )


@pytest.fixture
def published(db, monkeypatch):
    """One more subscriber to every event of media, for this test."""
    subscriptions = {kind: list(some) for kind, some in events._subscriptions.items()}
    monkeypatch.setattr(events, "_subscriptions", subscriptions)
    for name, kind in vars(media_events).items():
        if name.startswith("Media"):
            task = f"{Published.PREFIX}{name}"
            if task not in jobs.tasks:
                jobs.task(name=task)(lambda **_fields: None)
            subscriptions.setdefault(kind, []).append(events._Subscription(task, "bulk"))
    return Published()


@pytest.fixture(scope="session")
def s3_server():
    """moto behind the guard, for all tests of the session."""
    with stores.s3_server() as server:
        yield server


@pytest.fixture(scope="session")
def cloudinary_server():
    """The stand-in, for all tests of the session."""
    with stores.cloudinary_server() as server:
        yield server


@pytest.fixture(params=["local", "s3", "cloudinary"])
def place(request, settings, tmp_path):
    """An empty store of each kind; MEDIA_BACKEND_URL names it."""
    if request.param == "local":
        place = stores.Place(f"file://{tmp_path / 'there'}")
    else:
        server = request.getfixturevalue(f"{request.param}_server")
        place = getattr(stores, f"{request.param}_place")(*server)
    settings.MEDIA_BACKEND_URL = place.url
    return place


@pytest.fixture
def s3(s3_server, settings):
    """An empty bucket; MEDIA_BACKEND_URL names it."""
    place = stores.s3_place(*s3_server)
    settings.MEDIA_BACKEND_URL = place.url
    return place


@pytest.fixture
def cloudinary(cloudinary_server, settings):
    """An empty folder at Cloudinary; MEDIA_BACKEND_URL names it."""
    place = stores.cloudinary_place(*cloudinary_server)
    settings.MEDIA_BACKEND_URL = place.url
    return place
