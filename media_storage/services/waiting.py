"""Bring the store what waits for it, and make ready the pictures whose files are all there."""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.events import publish
from core.realtime import envelope, push_to_users
from media_storage.backends.base import MediaStorage, StoreUnavailableError
from media_storage.backends.storage import storage_at
from media_storage.backends.waiting import waiting_file
from media_storage.events import MediaReady, MediaUploaded
from media_storage.models import Media, WaitingPart
from media_storage.shapes import media_shape

log = logging.getLogger(__name__)


def waiting_deliver() -> None:
    """Bring the store every file that waits; when it does not answer, the next minute goes on."""
    store = storage_at(settings.MEDIA_BACKEND_URL)
    waiting = WaitingPart.objects.order_by("key", "name").values_list("key", "name").distinct()
    for key, name in list(waiting):
        try:
            _deliver(store, key, name)
        except StoreUnavailableError:
            log.warning("the store does not answer, files wait on")
            return


def _deliver(store: MediaStorage, key: str, name: str) -> None:
    """One file. Should it have been removed meanwhile, it goes from the store, too."""
    file = waiting_file(key, name)
    if file is None:
        return
    with file:
        store.put(key, name, file)
    with transaction.atomic():
        gone, _ = WaitingPart.objects.filter(key=key, name=name).delete()
        if gone:
            _finish(key)
    if not gone:
        store.drop(key, name)


def _finish(key: str) -> None:
    """Make ready the picture of this key if nothing of it waits any more."""
    # A video is made ready by its film.
    pictures = Media.objects.filter(kind=Media.Kind.IMAGE, state=Media.State.PROCESSING)
    media = pictures.filter(Q(key=key) | Q(original_key=key)).select_for_update().first()
    if media is None:
        return
    if WaitingPart.objects.filter(key__in=[media.key, media.original_key]).exists():
        return
    media.state = Media.State.READY
    media.save(update_fields=["state"])
    publish(MediaReady(media.pk))
    # Only an avatar is in use before it is ready, and it gets no further sizes.
    if media.attached_at is None:
        publish(MediaUploaded(media.pk))
    shape = media_shape(media, is_owner=True)
    push_to_users([media.owner_id], envelope("media.ready", {"media": shape}))
