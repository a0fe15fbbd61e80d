"""Rows and store held together: move all files elsewhere, compare, make variants anew.

Each walks the rows in the order of their ids, does nothing twice, and may be ended at any moment:
run again, it goes on with what is still to do.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.events import publish
from media_storage.backends.base import MediaStorage
from media_storage.backends.decoder import BACKGROUND, Decoded, decode
from media_storage.backends.probe import PictureRefusedError, probe
from media_storage.backends.storage import media_storage, storage_at
from media_storage.constants import AVATAR_SIDES, FIRST_WIDTHS, WIDENED_GRACE_S
from media_storage.events import MediaFilesRetired, MediaMoved, MediaUploaded
from media_storage.models import Media
from media_storage.services.intake import on_disk
from media_storage.services.upkeep import unnamed
from media_storage.services.uploads import stored
from media_storage.shapes.addresses import PUBLIC, SIGNED, new_key
from media_storage.shapes.media import original_name

log = logging.getLogger(__name__)
BATCH = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the files of one row: how many were copied and with how many bytes."""

    media_id: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something in which row and store differ: `missing`, `empty`, `size` or `foreign`."""

    kind: str
    key: str
    name: str
    media_id: int | None = None


def stock_count() -> int:
    """How many rows there are to walk."""
    return Media.objects.count()


def stock_move(*, source_url: str, target_url: str) -> Iterator[Moved]:
    """Copy all files of all rows from one store to another; those that are there are left alone.

    A file counts as there when it has the same size, for files never change. Raises
    StoreUnavailableError of either store.
    """
    source, target = storage_at(source_url), storage_at(target_url)
    for media in _rows():
        files = size = 0
        for key in (media.key, media.original_key):
            copied = _copy(key, source, target)
            files, size = files + copied[0], size + copied[1]
        yield Moved(media.pk, files, size)


def stock_verify() -> Iterator[tuple[int, list[Discrepancy]]]:
    """For each row what its store lacks or has in another size; (0, …) at the end for the rest.

    Foreign are keys that no row names: such of the last day may belong to uploads under way.
    """
    storage = media_storage()
    for media in _rows():
        yield media.pk, _differences(media, storage)
    yield 0, [Discrepancy("foreign", key, "") for key in _foreign(storage)]


def stock_regenerate(*, is_all: bool, media_id: int | None = None) -> Iterator[tuple[int, str]]:
    """Make the first variants anew where some are missing in the store, or everywhere.

    New files get a new key, since old ones are kept by caches for good; the worker adds the further
    sizes. Yields each picture's id and `made`, `whole`, `refused` or `missing`.
    """
    for media in _rows(media_id):
        if media.kind != "image" or media.state != Media.State.READY or _is_avatar(media):
            continue
        if not is_all and not _differences(media, media_storage()):
            yield media.pk, "whole"
            continue
        yield media.pk, _regenerate(media)


def _rows(media_id: int | None = None) -> Iterator[Media]:
    """All rows, or the one, without holding a cursor open between them."""
    last = 0
    while True:
        rows = Media.objects.filter(pk__gt=last).order_by("pk")
        if media_id is not None:
            rows = rows.filter(pk=media_id)
        batch = list(rows[:BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1].pk


def _copy(key: str, source: MediaStorage, target: MediaStorage) -> tuple[int, int]:
    """Number and bytes of what was copied."""
    there = target.sizes(key)
    missing = {n: size for n, size in source.sizes(key).items() if there.get(n) != size}
    for name in missing:
        with source.fetch(key, name) as file:
            target.put(key, name, file)
    return len(missing), sum(missing.values())


def _differences(media: Media, storage: MediaStorage) -> list[Discrepancy]:
    found = []
    wanted = {media.key: {v["name"]: 0 for v in media.variants}}
    wanted[media.original_key] = {original_name(media.original_type): media.bytes}
    for key, names in wanted.items():
        sizes = storage.sizes(key)
        for name, size in names.items():
            kind = _difference(sizes.get(name), size)
            if kind:
                found.append(Discrepancy(kind, key, name, media.pk))
    return found


def _difference(found: int | None, wanted: int) -> str:
    """`wanted` is 0 where only that there is something is known."""
    if found is None:
        return "missing"
    if found == 0:
        return "empty"
    return "size" if wanted and found != wanted else ""


def _foreign(storage: MediaStorage) -> Iterator[str]:
    batch: list[str] = []
    for key, _ in storage.key_ages():
        batch.append(key)
        if len(batch) == BATCH:
            yield from unnamed(batch)
            batch = []
    yield from unnamed(batch)


def _is_avatar(media: Media) -> bool:
    """Avatars are square, at sizes of their own; their owner changes them in seconds."""
    return {v["width"] for v in media.variants} == set(AVATAR_SIDES)


def _regenerate(media: Media) -> str:
    try:
        made = _decode(media)
    except FileNotFoundError:
        return "missing"
    except PictureRefusedError as error:
        log.warning("variants not made anew", extra={"media": media.pk, "why": str(error)})
        return "refused"
    storage, new = media_storage(), new_key(PUBLIC if media.is_public else SIGNED)
    for picture in made.pictures:
        storage.put(new, picture.name, picture.data)
    with transaction.atomic():
        same = Media.objects.filter(pk=media.pk, key=media.key, variants=media.variants)
        if same.update(key=new, variants=[stored(p) for p in made.pictures]):
            publish(MediaMoved(media.pk))
            publish(MediaUploaded(media.pk))
            grace = timedelta(seconds=WIDENED_GRACE_S)
            publish(MediaFilesRetired(media.key), at=timezone.now() + grace)
            return "made"
    storage.drop_key(new)
    return "made"


def _decode(media: Media) -> Decoded:
    name = original_name(media.original_type)
    with media_storage().fetch(media.original_key, name) as file, on_disk(file) as source:
        return decode(source, probe(source), webp_widths=FIRST_WIDTHS, haste=BACKGROUND)
