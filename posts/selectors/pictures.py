"""Which pictures posts show, for media_storage's registry."""

from collections.abc import Sequence

from posts.models import PostMedia


def media_in_posts(*, media_ids: Sequence[int]) -> set[int]:
    """Those of the media that belong to a post."""
    shown = PostMedia.objects.filter(media__in=media_ids)
    return set(shown.values_list("media_id", flat=True))
