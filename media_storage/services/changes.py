"""Changes of existing media: text, use, access, end."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from core.errors import ConflictError, NotFoundError, RuleError
from core.events import publish
from media_storage.events import MediaAccessChanged, MediaFilesRetired, MediaUpdated
from media_storage.models import Media, MediaUpload
from media_storage.selectors import media_in_use
from media_storage.services.uploads import checked_alt_text


@transaction.atomic
def media_update(*, media_id: int, owner_id: int, alt_text: str) -> Media:
    """Change the alternative text; the same text again changes nothing. NotFoundError if not own."""
    media = _locked(media_id, owner_id)
    text = checked_alt_text(alt_text)
    if media.alt_text != text:
        media.alt_text = text
        media.save(update_fields=["alt_text"])
        publish(MediaUpdated(media.pk))
    return media


@transaction.atomic
def media_delete(*, media_id: int, owner_id: int) -> None:
    """Remove media that nothing shows, with all its files.

    Raises NotFoundError if it is not own (or no more), ConflictError `media_in_use`.
    """
    media = _locked(media_id, owner_id)
    if media_in_use(media_ids=[media_id]):
        raise ConflictError("Something still shows this picture.", code="media_in_use")
    retire([media])


@transaction.atomic
def media_attach(*, media_ids: Sequence[int], owner_id: int) -> list[Media]:
    """Mark own, ready and unused media as used, and give it in the order asked for.

    Raises RuleError `media_unknown`, `media_not_ready` or `media_already_used`, which names the
    place of the first bad one as `media_ids.<index>`; then none is marked.
    """
    own = Media.objects.filter(pk__in=media_ids, owner_id=owner_id)
    rows = {media.pk: media for media in own.order_by("pk").select_for_update()}
    now = timezone.now()
    for index, media_id in enumerate(media_ids):
        media = rows.get(media_id)
        if media is None:
            raise _bad_media(index, "media_unknown", "There is no such picture of yours.")
        if media.state != Media.State.READY:
            raise _bad_media(index, "media_not_ready", "This picture is not ready yet.")
        if media.attached_at is not None:
            raise _bad_media(index, "media_already_used", "This picture is used already.")
        media.attached_at = now
    Media.objects.filter(pk__in=rows).update(attached_at=now)
    return [rows[media_id] for media_id in media_ids]


@transaction.atomic
def media_set_access(*, media_ids: Sequence[int], is_public: bool) -> None:
    """Decide who may read the files; a job then moves those whose key says otherwise.

    Addresses that were given out end with the move when access narrows, and go on working for
    15 minutes when it widens.
    """
    rows = Media.objects.filter(pk__in=media_ids).exclude(is_public=is_public)
    changed = [media.pk for media in rows.order_by("pk").select_for_update()]
    Media.objects.filter(pk__in=changed).update(is_public=is_public)
    for media_id in changed:
        publish(MediaAccessChanged(media_id))


@transaction.atomic
def media_erase(*, user_id: int) -> None:
    """Remove everything that a person has here, used or not; again is fine."""
    retire(list(Media.objects.filter(owner_id=user_id).order_by("pk").select_for_update()))
    for upload in MediaUpload.objects.filter(owner_id=user_id).order_by("pk").select_for_update():
        publish(MediaFilesRetired(upload.key))
        upload.delete()


def retire(rows: Sequence[Media]) -> None:
    """Delete rows, and their files once that is committed."""
    for media in rows:
        publish(MediaFilesRetired(media.key))
        publish(MediaFilesRetired(media.original_key))
    Media.objects.filter(pk__in=[media.pk for media in rows]).delete()


def _locked(media_id: int, owner_id: int) -> Media:
    rows = Media.objects.select_for_update().filter(pk=media_id, owner_id=owner_id)
    media = rows.first()
    if media is None:
        raise NotFoundError
    return media


def _bad_media(index: int, code: str, message: str) -> RuleError:
    return RuleError.of_field(f"media_ids.{index}", code, message)
