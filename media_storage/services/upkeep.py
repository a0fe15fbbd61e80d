"""What the background does with media; each may run twice, late, and beside any other."""

import io
import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.events import publish
from media_storage.backends.base import Rendition
from media_storage.backends.decoder import BACKGROUND, Decoded, Picture, decode
from media_storage.backends.probe import PictureRefusedError, probe
from media_storage.backends.storage import media_storage
from media_storage.constants import (
    AVIF_WIDTHS,
    EXTENSIONS,
    FURTHER_WIDTHS,
    NARROWED_GRACE_S,
    ORPHAN_AGE_S,
    VIDEO_TYPES,
    WIDENED_GRACE_S,
)
from media_storage.events import MediaFilesRetired, MediaMoved, MediaReady
from media_storage.models import Media, MediaUpload, StoredVariant
from media_storage.selectors import media_in_use
from media_storage.services.changes import retire
from media_storage.services.intake import on_disk
from media_storage.services.uploads import in_order, stored
from media_storage.shapes.addresses import PUBLIC, SIGNED, is_public_key, new_key
from media_storage.shapes.media import original_name

log = logging.getLogger(__name__)
BATCH = 500


def media_complete(*, media_id: int) -> None:
    """Make the further widths and the AVIF files, once; publishes `MediaReady` when they exist."""
    pictures = Media.objects.exclude(original_type__in=VIDEO_TYPES)
    media = pictures.filter(pk=media_id, state=Media.State.READY).first()
    if media is None:
        return
    webp, avif = _missing(media, "image/webp"), _missing(media, "image/avif")
    if not (webp or avif):
        return
    try:
        made = _decode_original(media, webp, avif)
    except (PictureRefusedError, FileNotFoundError) as error:
        # It passed once; the first variants go on serving.
        log.warning("further variants not made", extra={"media": media_id, "why": str(error)})
        return
    while not _add_variants(media, made):
        found = Media.objects.filter(pk=media_id).first()
        if found is None:
            return
        media = found


def media_move(*, media_id: int) -> None:
    """Bring the files under a key of the letter that `is_public` asks for.

    Publishes `MediaMoved`; the old key's files go a minute later when access narrowed, 15 minutes
    later when it widened.
    """
    while True:
        media = Media.objects.filter(pk=media_id).first()
        if media is None or is_public_key(media.key) == media.is_public:
            return
        if _move(media):
            return


def media_files_remove(*, key: str) -> None:
    """Remove the files of a key that nothing names any more."""
    if not _named([key]):
        media_storage().drop_key(key)


def media_orphans_collect() -> None:
    """Remove media that nothing has used within a day of its upload."""
    old = timezone.now() - timedelta(seconds=ORPHAN_AGE_S)
    last = 0
    while True:
        with transaction.atomic():
            rows = Media.objects.filter(attached_at=None, created_at__lt=old, pk__gt=last)
            batch = list(rows.order_by("pk").select_for_update(skip_locked=True)[:BATCH])
            if not batch:
                return
            last = batch[-1].pk
            used = media_in_use(media_ids=[media.pk for media in batch])
            retire([media for media in batch if media.pk not in used])


def media_files_sweep() -> int:
    """Remove files that no row names, as a crash in the middle of an upload leaves them.

    Only keys that nothing changed for a day; gives how many went.
    """
    gone = 0
    old = timezone.now() - timedelta(seconds=ORPHAN_AGE_S)
    storage = media_storage()
    waiting: list[str] = []
    for key, changed_at in storage.key_ages():
        if changed_at < old:
            waiting.append(key)
        if len(waiting) == BATCH:
            gone += _sweep(waiting)
            waiting = []
    return gone + _sweep(waiting)


def unnamed(keys: list[str]) -> list[str]:
    """Those of the keys that no row names, each once."""
    return sorted(set(keys) - _named(keys))


def _sweep(keys: list[str]) -> int:
    foreign = unnamed(keys)
    for key in foreign:
        media_storage().drop_key(key)
    return len(foreign)


def _named(keys: list[str]) -> set[str]:
    """Those of the keys that a row, or an upload that is open, names."""
    served = Media.objects.filter(key__in=keys).values_list("key", flat=True)
    originals = Media.objects.filter(original_key__in=keys).values_list("original_key", flat=True)
    open_uploads = MediaUpload.objects.filter(key__in=keys, media=None, error_code="")
    return {*served, *originals, *open_uploads.values_list("key", flat=True)}


def _missing(media: Media, content_type: str) -> list[int]:
    """The widths of one type that are still to be made; none is wider than the original."""
    full = media.width or 0
    have = {v["width"] for v in media.variants if v["type"] == content_type}
    if content_type == "image/webp":
        wanted = {width for width in FURTHER_WIDTHS if width <= full}
    else:
        wanted = {min(width, full) for width in AVIF_WIDTHS}
    return sorted(wanted - have)


def _decode_original(media: Media, webp: list[int], avif: list[int]) -> Decoded:
    name = original_name(media.original_type)
    ready = _ready_made(media, webp, avif) if media.original_type == "image/jpeg" else None
    if ready is not None:
        return ready
    with media_storage().fetch(media.original_key, name) as file, on_disk(file) as source:
        return decode(source, probe(source), webp_widths=webp, avif_widths=avif, haste=BACKGROUND)


def _ready_made(media: Media, webp: list[int], avif: list[int]) -> Decoded | None:
    """What the store made of the original itself, if each file is what was asked for."""
    wanted = [Rendition(width, "image/webp") for width in webp]
    wanted += [Rendition(width, "image/avif") for width in avif]
    name = original_name(media.original_type)
    made = media_storage().ready_made(media.original_key, name, wanted)
    if made is None:
        return None
    pictures = []
    for rendition, data in zip(wanted, made, strict=True):
        with on_disk(io.BytesIO(data)) as source:
            claim = probe(source)
        height = round(rendition.width * (media.height or 0) / (media.width or 1))
        is_right = (claim.width, claim.content_type) == (rendition.width, rendition.type)
        if not is_right or abs(claim.height - height) > 1:
            log.warning("the store made another picture", extra={"media": media.pk})
            return None
        file = f"{claim.width}.{EXTENSIONS[rendition.type]}"
        pictures.append(Picture(file, claim.width, claim.height, rendition.type, data))
    return Decoded(media.width or 0, media.height or 0, media.blurhash, pictures)


def _add_variants(media: Media, made: Decoded) -> bool:
    """Keep the files and name them in the row; False, with nothing kept, if it moved meanwhile."""
    storage = media_storage()
    new: list[StoredVariant] = [stored(picture) for picture in made.pictures]
    names = {variant["name"] for variant in new}
    merged = in_order([*(v for v in media.variants if v["name"] not in names), *new])
    for picture in made.pictures:
        storage.put(media.key, picture.name, picture.data)
    with transaction.atomic():
        same = Media.objects.filter(pk=media.pk, key=media.key, variants=media.variants)
        if same.update(variants=merged):
            publish(MediaReady(media.pk))
            return True
    for name in names - {variant["name"] for variant in _present_variants(media)}:
        storage.drop(media.key, name)
    return False


def _present_variants(media: Media) -> list[StoredVariant]:
    """What the row names now, if it still has the same key."""
    row = Media.objects.filter(pk=media.pk, key=media.key).first()
    return row.variants if row else []


def _move(media: Media) -> bool:
    """Copy, then name the new key; False, with nothing kept, if the row changed meanwhile."""
    storage = media_storage()
    new = new_key(PUBLIC if media.is_public else SIGNED)
    storage.copy_key(media.key, new)
    grace = timedelta(seconds=WIDENED_GRACE_S if media.is_public else NARROWED_GRACE_S)
    with transaction.atomic():
        same = Media.objects.filter(
            pk=media.pk, key=media.key, is_public=media.is_public, variants=media.variants
        )
        if same.update(key=new):
            publish(MediaMoved(media.pk))
            publish(MediaFilesRetired(media.key), at=timezone.now() + grace)
            return True
    storage.drop_key(new)
    return False
