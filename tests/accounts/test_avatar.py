"""The avatar: replaced, removed, and not deletable behind its owner's back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from media_storage.models import Media

pytestmark = pytest.mark.django_db


def picture(colour="teal"):
    data = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, "JPEG")
    return SimpleUploadedFile("me.jpg", data.getvalue(), "image/jpeg")


def put(client, file=None):
    return client.put("/api/v1/me/avatar", {"file": file or picture()}, format="multipart")


def test_the_next_avatar_replaces_the_first_and_its_files(api, user, run_jobs):
    first = put(api(user)).json()["avatar_url"]
    second = put(api(user), picture("coral")).json()["avatar_url"]
    assert first != second
    assert Media.objects.count() == 1
    run_jobs()
    assert api().get(first).status_code == 404


def test_the_file_of_an_avatar_in_use_cannot_be_deleted(api, user):
    put(api(user))
    answer = api(user).delete(f"/api/v1/media/{User.objects.get().avatar_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "media_in_use")


def test_removing_twice_changes_nothing_more(api, user):
    put(api(user))
    answers = [api(user).delete("/api/v1/me/avatar").json() for _ in range(2)]
    assert [a["avatar_url"] for a in answers] == [None, None]
    assert not Media.objects.exists()


def test_a_file_that_is_no_picture_changes_nothing(api, user):
    before = put(api(user)).json()["avatar_url"]
    answer = put(api(user), SimpleUploadedFile("a.jpg", b"<svg/>", "image/jpeg"))
    assert 400 <= answer.status_code < 500
    assert api(user).get("/api/v1/me").json()["avatar_url"] == before
