"""`manage.py media`: all files reach the other store, whatever happens on the way."""

import io

import pytest
from django.core.management import CommandError, call_command

from media_storage.backends.base import StoreUnavailableError
from media_storage.backends.s3 import S3Storage
from media_storage.backends.storage import media_storage, storage_at
from media_storage.models import Media
from tests.media_storage import pictures, stores

pytestmark = pytest.mark.django_db


def media(*words, **options):
    out = io.StringIO()
    call_command("media", *words, stdout=out, **options)
    return out.getvalue()


def files_at(url):
    store = storage_at(url)
    keys = [key for row in Media.objects.all() for key in (row.key, row.original_key)]
    found = {}
    for key in keys:
        for name in store.sizes(key):
            with store.fetch(key, name) as file:
                found[key, name] = file.read()
    return found


def test_move_copies_every_byte_and_says_what_comes_next(upload, settings, s3_server):
    for width in (100, 200):
        upload(pictures.jpeg((width, 80)))
    here = settings.MEDIA_BACKEND_URL
    there = stores.s3_place(*s3_server).url
    said = media("move", "--to", there)
    assert "2 of 2: 4 files copied" in said
    assert "set MEDIA_BACKEND_URL" in said
    assert files_at(there) == files_at(here)
    assert len(files_at(there)) == 4
    settings.MEDIA_BACKEND_URL = there
    assert "no difference" in media("verify")


def test_move_goes_on_where_it_was_ended(upload, settings, s3_server, monkeypatch):
    for width in (100, 200):
        upload(pictures.jpeg((width, 80)))
    there = stores.s3_place(*s3_server).url
    puts, put = [], S3Storage.put

    def failing(self, key, name, content):
        if len(puts) == 3:
            raise StoreUnavailableError
        puts.append(name)
        put(self, key, name, content)

    monkeypatch.setattr(S3Storage, "put", failing)
    with pytest.raises(CommandError, match="Run it again"):
        media("move", "--to", there)
    monkeypatch.setattr(S3Storage, "put", put)
    assert "1 files copied" in media("move", "--to", there)
    assert "0 files copied" in media("move", "--to", there)
    assert files_at(there) == files_at(settings.MEDIA_BACKEND_URL)


def test_move_to_the_same_store_or_to_none_is_refused(settings):
    for url in (settings.MEDIA_BACKEND_URL, "ftp://x"):
        with pytest.raises(CommandError):
            media("move", "--to", url)


def test_verify_tells_missing_changed_empty_and_foreign_files(upload):
    row, other = upload(), upload(pictures.jpeg((90, 70)))
    store = media_storage()
    store.drop(row.key, "320.webp")
    store.put(row.original_key, "original.jpg", b"shorter")
    store.put(other.key, "90.webp", b"")
    foreign = "s" + "d" * 32
    store.put(foreign, "1.webp", b"x")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("media", "verify", stdout=out)
    said = out.getvalue().splitlines()
    assert said[:-1] == [
        f"missing: {row.key}/320.webp (media {row.pk})",
        f"size: {row.original_key}/original.jpg (media {row.pk})",
        f"empty: {other.key}/90.webp (media {other.pk})",
        f"foreign: {foreign}/ (no row)",
    ]
    assert said[-1] == "2 of 2: 1 empty, 1 foreign, 1 missing, 1 size."


def test_gc_removes_what_no_row_names_and_nothing_else(upload, monkeypatch):
    row = upload()
    store = media_storage()
    foreign = "s" + "d" * 32
    store.put(foreign, "1.webp", b"x")
    assert media("gc") == "0 keys removed that no row names.\n"
    monkeypatch.setattr("media_storage.services.upkeep.ORPHAN_AGE_S", -10)
    assert media("gc") == "1 keys removed that no row names.\n"
    assert store.sizes(foreign) == {}
    assert store.sizes(row.key)
    assert store.sizes(row.original_key)


def test_regenerate_mends_what_is_missing_under_a_new_key(upload, run_jobs):
    whole, broken, lost = upload(), upload(), upload()
    store = media_storage()
    store.drop_key(broken.key)
    store.drop_key(lost.key)
    store.drop_key(lost.original_key)
    assert "1 made, 1 missing, 1 whole" in media("regenerate")
    old = broken.key
    broken.refresh_from_db()
    assert broken.key != old
    assert {v["name"] for v in broken.variants} == set(store.sizes(broken.key))
    run_jobs()
    broken.refresh_from_db()
    assert {v["type"] for v in broken.variants} == {"image/webp", "image/avif"}
    key = whole.key
    whole.refresh_from_db()
    assert whole.key == key
    assert "1 made" in media("regenerate", "--all", "--media", str(whole.pk))
