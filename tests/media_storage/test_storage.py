"""The local store: whole files or none, grouped by key, nothing outside its folder."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation

from media_storage.backends.storage import media_storage

KEY, OTHER = "s" + "a" * 32, "p" + "b" * 32


def read(store, key, name):
    with store.fetch(key, name) as file:
        return file.read()


def test_putting_again_replaces(store, kept):
    store.put(KEY, "1.webp", b"one")
    store.put(KEY, "1.webp", b"two")
    assert read(store, KEY, "1.webp") == b"two"
    assert kept() == {(KEY, "1.webp")}


def test_readers_see_one_whole_file_while_it_is_replaced(store):
    store.put(KEY, "1.webp", b"a" * 100_000)
    stop = threading.Event()
    seen = set()

    def look():
        while not stop.is_set():
            seen.add(len(set(read(store, KEY, "1.webp"))))

    thread = threading.Thread(target=look)
    thread.start()
    for letter in b"bcdefgh":
        store.put(KEY, "1.webp", bytes([letter]) * 100_000)
    stop.set()
    thread.join()
    assert seen == {1}


def test_copies_live_on_their_own(store, kept):
    store.put(KEY, "1.webp", b"one")
    store.copy_key(KEY, OTHER)
    store.copy_key(KEY, OTHER)
    store.put(KEY, "1.webp", b"changed")
    store.drop_key(KEY)
    store.drop_key(KEY)
    assert kept() == {(OTHER, "1.webp")}
    assert read(store, OTHER, "1.webp") == b"one"


def test_copying_what_is_not_there_makes_nothing(store, kept, tmp_path):
    with pytest.raises(FileNotFoundError):
        store.copy_key(KEY, OTHER)
    assert not (tmp_path / "media").exists()


def test_dropping_a_file_twice_is_fine(store, kept):
    store.put(KEY, "1.webp", b"one")
    store.drop(KEY, "1.webp")
    store.drop(KEY, "1.webp")
    assert kept() == set()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("../" + "a" * 30, "1.webp"),
        (KEY, "../1.webp"),
        (KEY, "1.webp\n"),
        (KEY, ""),
        ("", "1.webp"),
        (KEY + "\n", "1.webp"),
        (KEY.upper(), "1.webp"),
    ],
)
def test_only_keys_and_names_of_ours_have_a_place(key, name, store):
    for act in (store.fetch, store.drop, lambda k, n: store.put(k, n, b"")):
        with pytest.raises(SuspiciousFileOperation):
            act(key, name)


def test_a_url_that_names_no_store_is_told(settings):
    settings.MEDIA_BACKEND_URL = "ftp://somewhere/else"
    with pytest.raises(ImproperlyConfigured):
        media_storage()
