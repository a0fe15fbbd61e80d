"""Direct uploads: the client sends the file to the store, and we look at what really arrived."""

import contextlib
import logging
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from core.errors import (
    ApplicationError,
    ConflictError,
    NotFoundError,
    RuleError,
    StorageFullError,
    UnavailableError,
)
from core.events import publish
from media_storage.backends.base import Arrival, Form, StoreUnavailableError
from media_storage.backends.ffmpeg import tools
from media_storage.backends.patience import patience
from media_storage.backends.storage import media_storage
from media_storage.constants import (
    ARRIVAL_NAME,
    ARRIVAL_PATIENCE_S,
    DIRECT_LIFE_S,
    DIRECT_SECONDS,
    PICTURE_BYTES_MAX,
    PICTURE_TYPES,
    REFUSALS,
    VIDEO_BYTES_MAX,
    VIDEO_TYPES,
)
from media_storage.events import MediaFilesRetired, MediaUploadArrived
from media_storage.models import Media, MediaUpload
from media_storage.services.intake import refusal
from media_storage.services.uploads import (
    PreparedMedia,
    check_allowance,
    checked_alt_text,
    media_discard,
    media_keep,
    media_prepare,
)
from media_storage.shapes.addresses import ORIGINAL, direct_address, new_key

log = logging.getLogger(__name__)
BATCH = 500


def upload_start(
    *, owner_id: int, content_type: str, size: int, alt_text: str = ""
) -> tuple[MediaUpload, Form]:
    """Allow one file of exactly this type and size (bytes), and tell how it is sent.

    Good for an hour; the addresses end after 5 minutes, and `upload_form` gives new ones. Raises
    UnsupportedMediaError `unsupported_type` or `video_unavailable`, PayloadTooLargeError
    `file_too_large`, BadInputError `empty_file`, RuleError `quota_exceeded` or
    `daily_limit_reached`: nobody sends for minutes what is refused at the end.
    """
    _check_announced(content_type, size)
    check_allowance(owner_id, size)
    upload = MediaUpload.objects.create(
        owner_id=owner_id,
        key=new_key(ORIGINAL),
        content_type=content_type,
        bytes=size,
        alt_text=checked_alt_text(alt_text),
        expires_at=timezone.now() + timedelta(seconds=DIRECT_LIFE_S),
    )
    return upload, _form(upload)


def upload_form(*, owner_id: int, upload_id: int) -> tuple[MediaUpload, Form]:
    """The same upload with new addresses; of one in parts those that are still missing.

    Raises NotFoundError for anybody else's, ConflictError `upload_ended`, RuleError
    `upload_expired`.
    """
    upload = _own(owner_id, upload_id)
    _refuse_ended(upload)
    return upload, _form(upload)


def upload_receive(*, upload_id: int, file: IO[bytes] | File[Any], size: int) -> None:
    """Keep a file that came through us, where the store takes none itself; again replaces it.

    The caller has checked the signature of the address. Raises NotFoundError, RuleError
    `wrong_size` or `upload_expired`, ConflictError `upload_ended`, UnavailableError.
    """
    upload = MediaUpload.objects.filter(pk=upload_id).first()
    if upload is None:
        raise NotFoundError
    _refuse_ended(upload)
    if size != upload.bytes:
        raise refusal("wrong_size")
    with patience():
        media_storage().put(upload.key, ARRIVAL_NAME, File(file))


def upload_prepare(*, owner_id: int, upload_id: int) -> PreparedMedia | None:
    """Take in what arrived, as `media_prepare` takes in any file; None if that was done before.

    Its size is checked, its type read from its bytes, and it is decoded anew. Raises NotFoundError,
    ConflictError `upload_missing`, RuleError `upload_expired` or `wrong_size`, and all that
    media_prepare raises: of a refused file nothing is kept, and the same answer given again. While
    the store does not answer UnavailableError `store_unavailable`; then the worker goes on, and a
    later call finds the media.
    """
    upload = _own(owner_id, upload_id)
    try:
        return _prepare(upload, patience(ARRIVAL_PATIENCE_S))
    except StoreUnavailableError:
        with transaction.atomic():
            publish(MediaUploadArrived(upload_id))
        raise


@transaction.atomic
def upload_keep(*, owner_id: int, upload_id: int, prepared: PreparedMedia | None) -> Media:
    """Write the row of what arrived; again, or beside another call, gives the same media.

    Raises NotFoundError, and what media_keep raises.
    """
    rows = MediaUpload.objects.select_for_update(of=("self",)).select_related("media")
    upload = rows.filter(pk=upload_id, owner_id=owner_id).first()
    if upload is None:
        raise NotFoundError
    if upload.media is None and prepared is not None:
        upload.media = media_keep(prepared, alt_text=upload.alt_text)
        upload.save(update_fields=["media"])
        publish(MediaFilesRetired(upload.key))
    elif prepared is not None:
        media_discard(prepared)
    if upload.media is None:
        raise NotFoundError
    return upload.media


def upload_take_in(*, upload_id: int) -> None:
    """The same in the background; a refused file is no fault, the client learns it when it asks."""
    upload = MediaUpload.objects.filter(pk=upload_id).first()
    if upload is None:
        return
    try:
        prepared = _prepare(upload, contextlib.nullcontext())
        upload_keep(owner_id=upload.owner_id, upload_id=upload_id, prepared=prepared)
    except (UnavailableError, StorageFullError):
        raise
    except ApplicationError as error:
        log.info("direct upload not taken in", extra={"upload": upload_id, "why": error.code})


def upload_arrived(*, key: str) -> None:
    """The store tells that the file of this key has come: take it in, whoever waits."""
    found = MediaUpload.objects.filter(key=key, media=None, error_code="").first()
    if found is not None:
        with transaction.atomic():
            publish(MediaUploadArrived(found.pk))


def uploads_collect() -> None:
    """Forget uploads that ended or expired, with whatever came of them."""
    over = MediaUpload.objects.filter(expires_at__lt=timezone.now()).order_by("pk")
    while batch := list(over[:BATCH]):
        # Abandoning twice is fine, and no transaction waits for a store.
        for upload in batch:
            if upload.token:
                media_storage().abandon(_arrival(upload))
        with transaction.atomic():
            for upload in batch:
                publish(MediaFilesRetired(upload.key))
            MediaUpload.objects.filter(pk__in=[upload.pk for upload in batch]).delete()


def _prepare(upload: MediaUpload, waiting: AbstractContextManager[None]) -> PreparedMedia | None:
    if upload.media_id:
        return None
    if upload.error_code:
        raise refusal(upload.error_code)
    _refuse_ended(upload)
    try:
        return _examine(upload, waiting)
    except ApplicationError as error:
        if error.code in REFUSALS:
            _keep_refusal(upload, error.code)
        raise


def _examine(upload: MediaUpload, waiting: AbstractContextManager[None]) -> PreparedMedia:
    """What arrived, held against what was announced, then the way of every file."""
    storage = media_storage()
    with waiting:
        size = storage.arrived(_arrival(upload))
        if size is None:
            raise ConflictError("The file has not arrived yet.", code="upload_missing")
        if size != upload.bytes:
            raise refusal("wrong_size")
        arrived = storage.fetch(upload.key, ARRIVAL_NAME)
    with arrived as file:
        return media_prepare(owner_id=upload.owner_id, file=file)


@transaction.atomic
def _keep_refusal(upload: MediaUpload, code: str) -> None:
    """The file is of no use; its bytes go."""
    MediaUpload.objects.filter(pk=upload.pk, media=None).update(error_code=code)
    publish(MediaFilesRetired(upload.key))


def _check_announced(content_type: str, size: int) -> None:
    is_video = content_type in VIDEO_TYPES
    if not is_video and content_type not in PICTURE_TYPES:
        raise refusal("unsupported_type")
    if is_video and tools() is None:
        raise refusal("video_unavailable")
    if size < 1:
        raise refusal("empty_file")
    if size > (VIDEO_BYTES_MAX if is_video else PICTURE_BYTES_MAX):
        raise refusal("file_too_large")


def _form(upload: MediaUpload) -> Form:
    """The store's form, or our own address where it has none."""
    until = min(timezone.now() + timedelta(seconds=DIRECT_SECONDS), upload.expires_at)
    with patience():
        form = media_storage().form(_arrival(upload), until=until)
    if form is None:
        return Form(url=direct_address(upload.pk, until=until), method="PUT")
    if form.token != upload.token:
        upload.token = form.token
        upload.save(update_fields=["token"])
    return form


def _arrival(upload: MediaUpload) -> Arrival:
    return Arrival(
        key=upload.key,
        name=ARRIVAL_NAME,
        content_type=upload.content_type,
        bytes=upload.bytes,
        token=upload.token,
    )


def _own(owner_id: int, upload_id: int) -> MediaUpload:
    upload = MediaUpload.objects.filter(pk=upload_id, owner_id=owner_id).first()
    if upload is None:
        raise NotFoundError
    return upload


def _refuse_ended(upload: MediaUpload) -> None:
    if upload.media_id or upload.error_code:
        raise ConflictError("This upload has ended.", code="upload_ended")
    if upload.expires_at <= timezone.now():
        raise RuleError("This upload has expired. Start another.", code="upload_expired")
