"""The rules of media: what is kept, whose it is, and when it may go."""

import io
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from core import registry
from core.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    PayloadTooLargeError,
    RuleError,
    UnsupportedMediaError,
)
from media_storage.backends.base import file_path
from media_storage.constants import PICTURE_BYTES_MAX
from media_storage.models import Media
from media_storage.selectors import media_for, media_snapshots
from media_storage.services import (
    avatar_create,
    media_attach,
    media_create,
    media_delete,
    media_erase,
    media_set_access,
    media_update,
)
from media_storage.shapes import avatar_url, media_shape, media_snapshot, media_urls
from tests.media_storage import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_use(monkeypatch):
    """The ids that some other app says it shows."""
    shown = set()
    monkeypatch.setattr(registry.media_uses, "_entries", {})
    registry.media_uses.add("test", lambda *, media_ids: shown & set(media_ids))
    return shown


def test_an_upload_is_ready_private_and_complete(upload, user, kept):
    data = pictures.jpeg((1500, 1000))
    media = upload(data, alt_text="Four colours")
    media.refresh_from_db()
    assert (media.owner_id, media.state, media.kind) == (user.pk, "ready", "image")
    assert (media.width, media.height, media.bytes) == (1500, 1000, len(data))
    assert (media.original_type, media.alt_text) == ("image/jpeg", "Four colours")
    assert (media.is_public, media.attached_at) == (False, None)
    assert len(bytes(media.sha256)) == 32
    assert media.variants == [
        {"name": "320.webp", "width": 320, "height": 213, "type": "image/webp"},
        {"name": "640.webp", "width": 640, "height": 427, "type": "image/webp"},
        {"name": "1080.webp", "width": 1080, "height": 720, "type": "image/webp"},
    ]
    assert media.key[0] == "s"
    assert media.original_key[0] == "o"
    names = {(media.key, v["name"]) for v in media.variants}
    assert kept() == names | {(media.original_key, "original.jpg")}


def test_the_original_is_kept_as_it_came(upload, store):
    data = pictures.laden_jpeg()
    media = upload(data)
    with store.fetch(media.original_key, "original.jpg") as file:
        assert file.read() == data


def test_files_are_for_their_group_at_most(upload, store):
    media = upload()
    path = Path(store.path(file_path(media.key, "320.webp")))
    assert path.read_bytes()[:4] == b"RIFF"
    assert path.stat().st_mode & 0o137 == 0


def test_two_uploads_of_the_same_picture_share_no_key(upload):
    one, two = upload(), upload()
    assert len({one.key, two.key, one.original_key, two.original_key}) == 4
    assert bytes(one.sha256) == bytes(two.sha256)


@pytest.mark.parametrize(
    ("data", "error", "code"),
    [
        (b"", BadInputError, "empty_file"),
        (b"words", UnsupportedMediaError, "unsupported_type"),
        (pictures.jpeg()[:999], RuleError, "unreadable_picture"),
    ],
)
def test_a_refused_file_leaves_nothing(data, error, code, user, kept):
    with pytest.raises(error) as caught:
        media_create(owner_id=user.pk, file=io.BytesIO(data))
    assert caught.value.code == code
    assert [(e.field, e.code, e.file) for e in caught.value.errors] == [("file", code, 0)]
    assert kept() == set()
    assert not Media.objects.exists()


def test_more_than_50_mb_is_refused(user, tmp_path):
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.write(pictures.jpeg())
        file.truncate(PICTURE_BYTES_MAX + 1)
    with path.open("rb") as file, pytest.raises(PayloadTooLargeError) as caught:
        media_create(owner_id=user.pk, file=file)
    assert caught.value.code == "file_too_large"


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 1501, "too_long"), ("a\0b", "bad_text"), ("\ud800", "bad_text")]
)
def test_alternative_texts_that_cannot_be_kept_are_refused(text, code, user, upload):
    with pytest.raises(BadInputError) as caught:
        upload(alt_text=text)
    assert caught.value.code == code
    media = upload(alt_text="x" * 1500)
    with pytest.raises(BadInputError) as caught:
        media_update(media_id=media.pk, owner_id=user.pk, alt_text=text)
    assert caught.value.code == code


def test_updating_the_text_tells_whoever_keeps_snapshots_once(upload, user, published):
    media = upload()
    published.clear()
    for _ in range(2):
        assert media_update(media_id=media.pk, owner_id=user.pk, alt_text="new").alt_text == "new"
    assert published.names() == ["MediaUpdated"]


def test_only_the_owner_finds_updates_or_deletes_media(upload, other_user):
    media = upload(alt_text="mine")
    for act in (
        lambda: media_for(owner_id=other_user.pk, media_id=media.pk),
        lambda: media_update(media_id=media.pk, owner_id=other_user.pk, alt_text="yours"),
        lambda: media_delete(media_id=media.pk, owner_id=other_user.pk),
    ):
        with pytest.raises(NotFoundError):
            act()
    media.refresh_from_db()
    assert media.alt_text == "mine"


def test_deleting_removes_row_and_files_and_the_second_time_it_is_not_there(
    upload, user, kept, run_jobs
):
    media = upload()
    media_delete(media_id=media.pk, owner_id=user.pk)
    assert not Media.objects.filter(pk=media.pk).exists()
    run_jobs()
    assert kept() == set()
    with pytest.raises(NotFoundError):
        media_delete(media_id=media.pk, owner_id=user.pk)


def test_media_that_something_shows_is_not_deleted(upload, user, kept, run_jobs, in_use):
    media = upload()
    in_use.add(media.pk)
    with pytest.raises(ConflictError) as caught:
        media_delete(media_id=media.pk, owner_id=user.pk)
    assert caught.value.code == "media_in_use"
    run_jobs()
    assert (media.key, "320.webp") in kept()
    in_use.clear()
    media_delete(media_id=media.pk, owner_id=user.pk)
    assert not Media.objects.exists()


def test_attaching_marks_media_and_keeps_their_order(upload, user):
    ids = [upload().pk for _ in range(3)][::-1]
    assert [media.pk for media in media_attach(media_ids=ids, owner_id=user.pk)] == ids
    assert not Media.objects.filter(attached_at=None).exists()


@pytest.mark.parametrize("case", ["absent", "foreign", "failed", "used", "twice"])
def test_attaching_names_the_first_bad_media_and_marks_none(case, upload, user, other_user):
    good, bad = upload(), upload(owner=other_user if case == "foreign" else user)
    if case == "absent":
        bad.delete()
    if case == "failed":
        Media.objects.filter(pk=bad.pk).update(state="failed", error_code="unreadable_picture")
    if case == "used":
        media_attach(media_ids=[bad.pk], owner_id=user.pk)
    ids = [good.pk, good.pk if case == "twice" else bad.pk or 10**12]
    with pytest.raises(RuleError) as caught:
        media_attach(media_ids=ids, owner_id=user.pk)
    codes = {
        "absent": "media_unknown",
        "foreign": "media_unknown",
        "failed": "media_not_ready",
        "used": "media_already_used",
        "twice": "media_already_used",
    }
    assert caught.value.code == codes[case]
    assert caught.value.errors[0].field == "media_ids.1"
    good.refresh_from_db()
    assert good.attached_at is None


def test_attaching_costs_the_same_for_one_and_for_twenty(user, upload, django_assert_num_queries):
    media = upload()
    rows = [Media.objects.get(pk=media.pk) for _ in range(20)]
    for number, row in enumerate(rows):
        row.pk, row.key, row.original_key = None, f"s{number:032x}", f"o{number:032x}"
    ids = [row.pk for row in Media.objects.bulk_create(rows)]
    for some in ([media.pk], ids):
        # savepoint, select for update, update, release
        with django_assert_num_queries(4):
            media_attach(media_ids=some, owner_id=user.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_attach_at_once_one_wins(upload, user):
    media = upload()
    outcomes = []
    start = threading.Barrier(2)

    def attach():
        start.wait()
        try:
            media_attach(media_ids=[media.pk], owner_id=user.pk)
            outcomes.append("attached")
        except RuleError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attach) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["attached", "media_already_used"]


def test_access_is_announced_once_per_change(upload, published):
    media = upload()
    published.clear()
    for is_public in (True, True, False):
        media_set_access(media_ids=[media.pk], is_public=is_public)
    assert published.names() == ["MediaAccessChanged"] * 2
    media.refresh_from_db()
    assert media.is_public is False


def test_erasing_a_person_leaves_nothing_of_theirs_and_all_of_others(
    upload, user, other_user, kept, run_jobs
):
    mine, theirs = upload(), upload(owner=other_user)
    media_attach(media_ids=[mine.pk], owner_id=user.pk)
    for _ in range(2):
        media_erase(user_id=user.pk)
        run_jobs()
    assert list(Media.objects.values_list("pk", flat=True)) == [theirs.pk]
    assert {key for key, _ in kept()} == {theirs.key, theirs.original_key}


def test_an_avatar_is_public_square_and_used_from_the_start(user, kept, published):
    media = avatar_create(owner_id=user.pk, file=io.BytesIO(pictures.jpeg((400, 300))))
    assert (media.is_public, media.width, media.height) == (True, 300, 300)
    assert media.attached_at is not None
    assert media.key[0] == "p"
    assert published.names() == []
    assert {n for k, n in kept() if k == media.key} == {"96.webp", "192.webp", "320.webp"}
    assert avatar_url(media.key) == f"/media/{media.key}/192.webp"
    assert avatar_url(media.key, side=96) == f"/media/{media.key}/96.webp"
    assert avatar_url("") is None
    assert avatar_url(None) is None


def test_a_snapshot_gives_the_same_shape_as_its_row(upload, django_assert_num_queries):
    media = Media.objects.get(pk=upload(alt_text="a").pk)
    snapshot = media_snapshot(media)
    with django_assert_num_queries(0):
        assert media_shape(snapshot) == media_shape(media)
        assert media_urls([snapshot, media]) == [media_shape(media)] * 2
        assert media_shape(snapshot, is_owner=True) == media_shape(media, is_owner=True)
    assert media_snapshots(media_ids=[media.pk, 10**12]) == {media.pk: snapshot}


def test_a_shape_has_every_field_and_one_signature_for_all_variants(upload):
    media = upload(pictures.jpeg((700, 400)), alt_text="a")
    shape = media_shape(media)
    assert list(shape) == [
        "id", "state", "kind", "width", "height", "duration_ms", "blurhash", "alt_text",
        "variants", "original_url", "error",
    ]  # fmt: skip
    assert (shape["id"], shape["original_url"], shape["error"]) == (str(media.pk), None, None)
    assert [(v["width"], v["type"]) for v in shape["variants"]] == [
        (320, "image/webp"),
        (640, "image/webp"),
        (700, "image/webp"),
    ]
    assert len({v["url"].partition("?")[2] for v in shape["variants"]}) == 1
    assert media_shape(media, is_owner=True)["original_url"].startswith(
        f"/media/{media.original_key}/original.jpg?e="
    )


def test_a_failure_is_told_with_code_and_sentence(upload):
    media = upload()
    media.state, media.error_code = "failed", "unreadable_picture"
    assert media_shape(media)["error"] == {
        "code": "unreadable_picture",
        "message": "This picture is damaged and cannot be read.",
    }


def test_addresses_never_outlive_what_they_are_for(upload):
    ends = timezone.now() + timedelta(seconds=90)
    url = media_shape(upload(), until=ends)["variants"][0]["url"]
    assert f"?e={int(ends.timestamp())}&" in url
