"""Deleted posts lie in the bin for BIN_KEPT, then they go with their pictures."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import NotFoundError
from core.events import publish
from media_storage.services import media_delete
from posts.constants import BIN_KEPT, PostState
from posts.events import PostDeleted
from posts.models import Post, PostMedia
from posts.services.pictures import exposure_renew, media_ids_of
from posts.services.rules import author_locked, check_author, own_post_locked
from posts.services.states import count_posts

BATCH = 100


@transaction.atomic
def post_delete(*, actor_id: int, post: Post) -> None:
    """Put a post in the bin: nobody sees it, and its author can take it back.

    Raises ForbiddenError `not_author`, NotFoundError if it is gone by now.
    """
    current = own_post_locked(actor_id, post)
    if current.state == PostState.PUBLISHED:
        count_posts(actor_id, -1)
    current.deleted_from, current.state = current.state, PostState.DELETED
    current.deleted_at, current.pinned_pos = timezone.now(), None
    current.save(update_fields=["deleted_from", "state", "deleted_at", "pinned_pos"])
    exposure_renew(current)
    publish(PostDeleted(post_id=current.pk, author_id=actor_id))


@transaction.atomic
def post_restore(*, actor_id: int, post: Post) -> None:
    """Take a post out of the bin to where it was; a planned one whose time has passed is a draft.

    Raises ForbiddenError `not_author`, NotFoundError if it is not in the bin by now.
    """
    current = _in_bin_locked(actor_id, post)
    is_overdue = current.publish_at is not None and current.publish_at <= timezone.now()
    if current.deleted_from == PostState.SCHEDULED and is_overdue:
        current.deleted_from, current.publish_at = PostState.DRAFT, None
    current.state = PostState(current.deleted_from or PostState.DRAFT)
    current.deleted_from = current.deleted_at = None
    current.save(update_fields=["state", "publish_at", "deleted_from", "deleted_at"])
    if current.state == PostState.PUBLISHED:
        count_posts(actor_id, 1)
    exposure_renew(current)


@transaction.atomic
def post_discard(*, actor_id: int, post: Post) -> None:
    """Empty the bin of one post at once: it and its pictures are gone for good. Errors as above."""
    _purge(_in_bin_locked(actor_id, post))


def posts_purge(*, now: datetime) -> int:
    """Remove what was deleted BIN_KEPT ago, at most BATCH posts; how many."""
    old = Post.objects.filter(state=PostState.DELETED, deleted_at__lt=now - BIN_KEPT)
    ids = list(old.order_by("deleted_at", "pk").values_list("pk", flat=True)[:BATCH])
    return sum(_purge_old(post_id, now) for post_id in ids)


@transaction.atomic
def _purge_old(post_id: int, now: datetime) -> bool:
    old = Post.objects.filter(state=PostState.DELETED, deleted_at__lt=now - BIN_KEPT)
    post = old.select_for_update(skip_locked=True).filter(pk=post_id).first()
    if post is None:
        return False
    _purge(post)
    return True


def _purge(post: Post) -> None:
    media_ids = media_ids_of(post)
    PostMedia.objects.filter(post=post).delete()
    post.delete()
    for media_id in media_ids:
        media_delete(media_id=media_id, owner_id=post.author_id)


def _in_bin_locked(actor_id: int, post: Post) -> Post:
    check_author(actor_id, post)
    author = author_locked(actor_id)
    rows = Post.objects.in_bin_of(actor_id).select_for_update(no_key=True, of=("self",))
    current = rows.filter(pk=post.pk).first()
    if current is None:
        raise NotFoundError
    current.author = author
    return current
