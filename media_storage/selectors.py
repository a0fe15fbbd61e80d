"""Reads of media; the owner alone sees a row, everybody else sees it through what shows it."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from core.errors import NotFoundError
from core.registry import media_uses
from media_storage.constants import PERSON_BYTES_MAX, PERSON_PER_DAY_MAX
from media_storage.models import Media
from media_storage.shapes import AllowanceShape, MediaSnapshot, media_snapshot


def media_for(*, owner_id: int, media_id: int) -> Media:
    """The owner's media. Raises NotFoundError for anybody else's, as for none."""
    media = Media.objects.filter(pk=media_id, owner_id=owner_id).first()
    if media is None:
        raise NotFoundError
    return media


def media_snapshots(*, media_ids: Collection[int]) -> dict[int, MediaSnapshot]:
    """The present snapshots by id, for whoever keeps them; ids that are gone are left out."""
    return {media.pk: media_snapshot(media) for media in Media.objects.filter(pk__in=media_ids)}


def media_in_use(*, media_ids: Collection[int]) -> set[int]:
    """Those of the media that some app still shows."""
    used: set[int] = set()
    for uses in media_uses.values():
        used |= uses(media_ids=list(media_ids))
    return used


def allowance_of(*, owner_id: int) -> AllowanceShape:
    """What counts against the person's limits now; what was deleted counts no more."""
    yesterday = timezone.now() - timedelta(days=1)
    found = Media.objects.filter(owner_id=owner_id).aggregate(
        used=Sum("bytes", default=0), added=Count("pk", filter=Q(created_at__gt=yesterday))
    )
    return {
        "bytes_used": int(found["used"]),
        "bytes_max": PERSON_BYTES_MAX,
        "added_today": found["added"],
        "per_day_max": PERSON_PER_DAY_MAX,
    }
