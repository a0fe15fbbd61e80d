"""People, pictures and posts for these tests; relations that no service sets yet are plain rows."""

import io
import itertools
import json
import tempfile

import pytest
from django.db import connection

from accounts.constants import FollowState, RelationKind
from accounts.models import Follow, Relation
from accounts.services import follow_create, follow_request_accept
from core import events as core_events
from media_storage.models import Media
from media_storage.services import media_create
from posts import events as post_events
from posts.services import post_create
from tests.media_storage import pictures

_keys = itertools.count(1)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path, monkeypatch):
    """Files of one test are left to no other."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    settings.MEDIA_BACKEND_URL = f"file://{tmp_path / 'media'}"


@pytest.fixture
def upload(db):
    """`upload(owner)`: a real picture, kept by the service."""

    def make(owner, alt_text=""):
        return media_create(owner_id=owner.pk, file=io.BytesIO(pictures.jpeg()), alt_text=alt_text)

    return make


@pytest.fixture
def make_media(db):
    """`make_media(owner)`: a ready picture of which only the row exists."""

    def make(owner, **columns):
        number = next(_keys)
        defaults = {
            "key": f"s{number:032x}",
            "original_key": f"o{number:032x}",
            "original_type": "image/jpeg",
            "sha256": b"\0" * 32,
            "bytes": 1000,
            "state": Media.State.READY,
            "width": 640,
            "height": 480,
            "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            "variants": [{"name": "320.webp", "width": 320, "height": 240, "type": "image/webp"}],
        }
        return Media.objects.create(owner=owner, **{**defaults, **columns})

    return make


@pytest.fixture
def make_post(make_media):
    """`make_post(author, **options)`: a post of one picture, made by the service."""

    def make(author, **options):
        return post_create(author_id=author.pk, media_ids=[make_media(author).pk], **options)

    return make


@pytest.fixture
def follow(db):
    """`follow(follower, followee)`: a follow in force, also of a private account."""

    def make(follower, followee):
        state = follow_create(follower_id=follower.pk, followee=followee)
        if state == FollowState.REQUESTED:
            follow_request_accept(followee_id=followee.pk, follower_id=follower.pk)
        assert Follow.objects.active().filter(follower=follower, followee=followee).exists()

    return make


@pytest.fixture
def relate(db):
    """`relate(owner, kind, target)`: a relation as its service will write it."""

    def make(owner, kind, target, **columns):
        if kind == RelationKind.MUTE:
            columns.setdefault("scopes", ["posts"])
        return Relation.objects.create(owner=owner, kind=kind, target=target, **columns)

    return make


@pytest.fixture
def published(db, monkeypatch):
    """`published()`: the events of posts so far, each kept by one more subscriber."""
    prefix = "tests.posts."
    subscriptions = {kind: list(some) for kind, some in core_events._subscriptions.items()}
    monkeypatch.setattr(core_events, "_subscriptions", subscriptions)
    for name, kind in vars(post_events).items():
        if name.startswith("Post"):
            subscription = core_events._Subscription(f"{prefix}{name}", "bulk")
            subscriptions.setdefault(kind, []).append(subscription)

    def events():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name, args::text FROM procrastinate_jobs "
                "WHERE task_name LIKE %s ORDER BY id",
                [f"{prefix}%"],
            )
            return [(name.removeprefix(prefix), json.loads(args)) for name, args in cursor]

    return events
