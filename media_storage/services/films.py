"""Bring a video into the form that every browser plays; may run twice, late, and beside others."""

import io
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.errors import UnavailableError
from core.events import publish
from core.realtime import envelope, push_to_users
from core.turns import turn
from media_storage.backends.decoder import BACKGROUND, Decoded, decode
from media_storage.backends.ffmpeg import Tools, tools
from media_storage.backends.probe import PictureRefusedError, probe
from media_storage.backends.storage import media_storage
from media_storage.backends.transcoder import (
    Film,
    film_of_animation,
    film_of_video,
    poster_of,
)
from media_storage.backends.videos import probe_video
from media_storage.constants import (
    AVIF_WIDTHS,
    FIRST_WIDTHS,
    FURTHER_WIDTHS,
    PROCESSING_GIVE_UP_S,
    TRANSCODE_AGAIN_S,
    VIDEO_TYPES,
)
from media_storage.events import MediaReady, MediaUploaded
from media_storage.models import Media, StoredVariant
from media_storage.services.intake import on_disk
from media_storage.services.uploads import in_order, stored
from media_storage.shapes.media import media_shape, original_name

log = logging.getLogger(__name__)
# Where films are made; only whoever has the turn makes one, so what lies there before is left over.
FOLDER_PREFIX = "jyoti-film-"


@dataclass(frozen=True, slots=True)
class _Made:
    """A film and its poster in all sizes; an animation's are made by its upload already."""

    film: Film
    poster: Decoded | None


def video_complete(*, media_id: int) -> None:
    """Make the film and its poster, once; then the owner hears `media.ready` or `media.failed`.

    One at a time per machine: when another is being made, this comes again a little later.
    """
    media = _waiting().filter(pk=media_id).first()
    if media is None:
        return
    try:
        with turn("film", slots=[0], wait_s=0), _folder() as folder:
            _finish(media, _make(media, folder))
    except UnavailableError:
        _again(media_id)
    except PictureRefusedError as refused:
        _give_up(media, refused.code)
    except FileNotFoundError:
        _give_up(media, "processing_failed")


def videos_give_up() -> None:
    """Tell the owners of what has waited for hours: something is wrong that time does not mend."""
    old = timezone.now() - timedelta(seconds=PROCESSING_GIVE_UP_S)
    for media in _waiting().filter(attached_at=None, created_at__lt=old):
        _give_up(media, "processing_failed")


def _waiting() -> QuerySet[Media]:
    return Media.objects.filter(kind=Media.Kind.VIDEO, state=Media.State.PROCESSING)


@transaction.atomic
def _again(media_id: int) -> None:
    publish(MediaUploaded(media_id), at=timezone.now() + timedelta(seconds=TRANSCODE_AGAIN_S))


@contextmanager
def _folder() -> Iterator[Path]:
    """A private folder, and none of those that a killed process left."""
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as folder:
        yield Path(folder)


def _make(media: Media, folder: Path) -> _Made:
    found = tools()
    if found is None:
        raise PictureRefusedError("video_unavailable")
    name = original_name(media.original_type)
    with media_storage().fetch(media.original_key, name) as file, on_disk(file) as source:
        if media.original_type in VIDEO_TYPES:
            claim = probe_video(source, media.original_type, found, haste=BACKGROUND)
            film = film_of_video(source, claim, found, folder)
            return _Made(film, _poster(film, found))
        size = (media.width or 0, media.height or 0)
        return _Made(film_of_animation(source, probe(source), size, found, folder), None)


def _poster(film: Film, found: Tools) -> Decoded:
    """The whole ladder, no wider than the film."""
    with on_disk(io.BytesIO(poster_of(film, found))) as source:
        return decode(
            source,
            probe(source),
            webp_widths=[*FIRST_WIDTHS, *(w for w in FURTHER_WIDTHS if w <= film.width)],
            avif_widths=AVIF_WIDTHS,
            haste=BACKGROUND,
        )


def _finish(media: Media, made: _Made) -> None:
    """Keep the files, then name them in the row, unless somebody else did."""
    storage = media_storage()
    pictures = made.poster.pictures if made.poster else []
    film: StoredVariant = {
        "name": f"{made.film.width}.mp4",
        "width": made.film.width,
        "height": made.film.height,
        "type": "video/mp4",
    }
    for picture in pictures:
        storage.put(media.key, picture.name, picture.data)
    with made.film.path.open("rb") as file:
        storage.put(media.key, film["name"], File(file))
    media.variants = in_order([*media.variants, *map(stored, pictures), film])
    media.blurhash = made.poster.blurhash if made.poster else media.blurhash
    media.duration_ms = made.film.duration_ms
    media.state = Media.State.READY
    if not _tell(media, "media.ready") and not Media.objects.filter(key=media.key).exists():
        storage.drop_key(media.key)


def _give_up(media: Media, code: str) -> None:
    """A video failed. An animation of which no film can be made stands still from now on."""
    log.warning("no film", extra={"media": media.pk, "why": code})
    if media.variants:
        media.kind, media.state = Media.Kind.IMAGE, Media.State.READY
        _tell(media, "media.ready")
    else:
        media.state, media.error_code = Media.State.FAILED, code
        _tell(media, "media.failed")


@transaction.atomic
def _tell(media: Media, type_: str) -> bool:
    """Write what became of it and let its owner know; False if it waits no longer."""
    changed = (
        _waiting()
        .filter(pk=media.pk)
        .update(
            kind=media.kind,
            state=media.state,
            variants=media.variants,
            blurhash=media.blurhash,
            duration_ms=media.duration_ms,
            error_code=media.error_code,
        )
    )
    if not changed:
        return False
    if media.state == Media.State.READY:
        publish(MediaReady(media.pk))
    if media.original_type not in VIDEO_TYPES:
        # Its picture wants the further widths that every picture has.
        publish(MediaUploaded(media.pk))
    shape = media_shape(media, is_owner=True)
    push_to_users([media.owner_id], envelope(type_, {"media": shape}))
    return True
