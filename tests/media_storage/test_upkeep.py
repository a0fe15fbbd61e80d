"""Background work: run late, twice or in another order, it ends the same."""

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from media_storage.events import MediaAccessChanged, MediaFilesRetired, MediaUploaded
from media_storage.handlers import (
    collect_orphans,
    on_media_access_changed,
    on_media_files_retired,
    on_media_uploaded,
    sweep_files,
)
from media_storage.models import Media
from media_storage.services import media_attach, media_delete, media_set_access
from media_storage.shapes import media_shape
from tests.media_storage import pictures

pytestmark = pytest.mark.django_db


def names(media):
    media.refresh_from_db()
    return [v["name"] for v in media.variants]


def files_of(kept, key):
    return {name for k, name in kept() if k == key}


def waiting(task):
    """When jobs of this handler may run, as minutes from now; None is at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round(extract(epoch FROM scheduled_at - now()) / 60)::int "
            "FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' ORDER BY id",
            [f"media_storage.handlers.{task}"],
        )
        return [row[0] for row in cursor.fetchall()]


def forget_jobs():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_the_further_widths_and_avif_come_later_ascending_webp_first(upload, run_jobs, kept):
    media = upload(pictures.jpeg((1500, 1000)))
    assert names(media) == ["320.webp", "640.webp", "1080.webp"]
    assert run_jobs() >= 1
    assert names(media) == [
        "320.webp", "320.avif", "480.webp", "640.webp", "640.avif", "828.webp",
        "1080.webp", "1080.avif", "1440.webp",
    ]  # fmt: skip
    assert files_of(kept, media.key) == set(names(media))
    shown = media_shape(media)["variants"]
    assert [v["width"] for v in shown] == sorted(v["width"] for v in shown)
    assert {v["type"] for v in shown} == {"image/webp", "image/avif"}


def test_a_small_picture_gets_no_further_width_but_avif(upload, run_jobs):
    media = upload(pictures.jpeg((200, 100)))
    run_jobs()
    assert names(media) == ["200.webp", "200.avif"]


def test_making_variants_twice_changes_nothing_and_tells_once(upload, published, kept):
    media = upload()
    published.clear()
    on_media_uploaded(MediaUploaded(media.pk))
    first, files = names(media), kept()
    on_media_uploaded(MediaUploaded(media.pk))
    assert (names(media), kept()) == (first, files)
    assert published.names() == ["MediaReady"]


@pytest.mark.parametrize("case", ["deleted", "original lost"])
def test_making_variants_of_what_is_gone_is_no_fault(case, upload, store, user):
    media = upload()
    if case == "deleted":
        media_delete(media_id=media.pk, owner_id=user.pk)
    else:
        store.drop_key(media.original_key)
    on_media_uploaded(MediaUploaded(media.pk))


def test_widening_moves_to_a_public_key_and_keeps_the_old_for_15_minutes(upload, published, kept):
    media = upload()
    forget_jobs()
    old = media.key
    media_set_access(media_ids=[media.pk], is_public=True)
    published.clear()
    on_media_access_changed(MediaAccessChanged(media.pk))
    media.refresh_from_db()
    assert media.key[0] == "p"
    assert files_of(kept, media.key) == files_of(kept, old) == {"320.webp", "480.webp"}
    assert published.names() == ["MediaMoved", "MediaFilesRetired"]
    assert waiting("on_media_files_retired") == [15]
    on_media_files_retired(MediaFilesRetired(old))
    assert files_of(kept, old) == set()
    assert files_of(kept, media.key) == {"320.webp", "480.webp"}


def test_narrowing_moves_to_a_signed_key_and_removes_the_old_a_minute_later(upload, kept, run_jobs):
    media = upload()
    media_set_access(media_ids=[media.pk], is_public=True)
    run_jobs()
    media.refresh_from_db()
    public = media.key
    forget_jobs()
    media_set_access(media_ids=[media.pk], is_public=False)
    on_media_access_changed(MediaAccessChanged(media.pk))
    assert waiting("on_media_files_retired") == [1]
    run_jobs()
    on_media_files_retired(MediaFilesRetired(public))
    media.refresh_from_db()
    assert media.key[0] == "s"
    assert files_of(kept, public) == set()
    assert "320.webp" in files_of(kept, media.key)
    assert files_of(kept, media.original_key) == {"original.jpg"}


def test_moving_twice_moves_once(upload, published):
    media = upload()
    media_set_access(media_ids=[media.pk], is_public=True)
    on_media_access_changed(MediaAccessChanged(media.pk))
    media.refresh_from_db()
    key = media.key
    published.clear()
    on_media_access_changed(MediaAccessChanged(media.pk))
    media.refresh_from_db()
    assert (media.key, published.names()) == (key, [])


def test_a_change_of_mind_before_the_move_moves_nothing(upload):
    media = upload()
    for is_public in (True, False):
        media_set_access(media_ids=[media.pk], is_public=is_public)
    key = media.key
    on_media_access_changed(MediaAccessChanged(media.pk))
    media.refresh_from_db()
    assert media.key == key


@pytest.mark.parametrize("order", ["variants first", "move first"])
def test_variants_and_move_may_come_in_any_order(order, upload, kept):
    media = upload(pictures.jpeg((900, 600)))
    media_set_access(media_ids=[media.pk], is_public=True)
    acts = [
        lambda: on_media_uploaded(MediaUploaded(media.pk)),
        lambda: on_media_access_changed(MediaAccessChanged(media.pk)),
    ]
    for act in acts if order == "variants first" else acts[::-1]:
        act()
    assert names(media) == [
        "320.webp", "320.avif", "480.webp", "640.webp", "640.avif", "828.webp", "900.webp",
        "900.avif",
    ]  # fmt: skip
    assert media.key[0] == "p"
    assert files_of(kept, media.key) == set(names(media))


def test_files_that_a_row_still_names_are_not_removed(upload, kept):
    media = upload()
    on_media_files_retired(MediaFilesRetired(media.key))
    on_media_files_retired(MediaFilesRetired(media.original_key))
    assert files_of(kept, media.key) == {"320.webp", "480.webp"}
    assert files_of(kept, media.original_key) == {"original.jpg"}


def test_uploads_that_nothing_used_for_a_day_go(upload, user, kept, run_jobs):
    orphan, young, used = upload(), upload(), upload()
    media_attach(media_ids=[used.pk], owner_id=user.pk)
    yesterday = timezone.now() - timedelta(hours=25)
    Media.objects.filter(pk__in=[orphan.pk, used.pk]).update(created_at=yesterday)
    collect_orphans()
    assert set(Media.objects.values_list("pk", flat=True)) == {young.pk, used.pk}
    run_jobs()
    assert {key for key, _ in kept()} == {
        young.key, young.original_key, used.key, used.original_key,
    }  # fmt: skip


def test_files_of_a_crashed_upload_go_after_a_day(upload, store, kept, tmp_path):
    media = upload()
    store.put("s" + "0" * 32, "320.webp", b"left by a crash")
    store.put("o" + "1" * 32, "original.jpg", b"left by a crash, just now")
    old = timezone.now().timestamp() - 90_000
    for folder in (tmp_path / "media").glob("?/??/*"):
        if folder.name != "o" + "1" * 32:
            os.utime(folder, (old, old))
    sweep_files()
    assert {key for key, _ in kept()} == {media.key, media.original_key, "o" + "1" * 32}
