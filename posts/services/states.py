"""A post goes out, into the archive, or to the top of its author's grid."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.errors import ConflictError, NotFoundError, RuleError
from core.events import publish
from posts.constants import PINNED_MAX, PostState
from posts.events import PostPublished
from posts.models import Post
from posts.services.people import mentions_sync
from posts.services.pictures import exposure_renew, media_ids_of
from posts.services.rules import author_locked, check_picture_count, own_post_locked

log = logging.getLogger(__name__)
BATCH = 100


@transaction.atomic
def post_publish(*, actor_id: int, post: Post) -> None:
    """Bring a draft or a planned post out now; what is out stays so.

    Raises ForbiddenError `not_author`, NotFoundError if it is gone, BadInputError `bad_count`
    without pictures, ConflictError `archived`.
    """
    current = own_post_locked(actor_id, post)
    if current.state == PostState.PUBLISHED:
        return
    if current.state == PostState.ARCHIVED:
        raise ConflictError("This post is in the archive.", code="archived")
    check_picture_count(len(media_ids_of(current)), PostState.PUBLISHED)
    go_out(current)


def posts_publish_due(*, now: datetime) -> int:
    """Bring out what is due; how many. Each post once, however many call this at the same time.

    A post whose publishing fails is tried again by the next call, and holds no other one up.
    """
    due = Post.objects.filter(state=PostState.SCHEDULED, publish_at__lte=now)
    rows = due.order_by("publish_at", "pk").values_list("pk", "author_id")[:BATCH]
    done = 0
    for post_id, author_id in rows:
        try:
            done += _publish_due(post_id, author_id, now)
        except Exception:
            log.exception("a planned post was not published", extra={"post": post_id})
    return done


def go_out(post: Post) -> None:
    """Publish a post, whose row and author the caller holds, and tell it."""
    post.state, post.published_at, post.publish_at = PostState.PUBLISHED, timezone.now(), None
    post.save(update_fields=["state", "published_at", "publish_at"])
    count_posts(post.author_id, 1)
    mentions_sync(post)
    exposure_renew(post)
    publish(PostPublished(post_id=post.pk, author_id=post.author_id))


def count_posts(author_id: int, step: int) -> None:
    """Move the number of a person's posts that are out."""
    User.objects.filter(pk=author_id).update(posts_count=F("posts_count") + step)


@transaction.atomic
def post_archive(*, actor_id: int, post: Post) -> None:
    """Take a post out of sight, with all that hangs on it; the second call changes nothing.

    Raises ForbiddenError `not_author`, NotFoundError, ConflictError `not_published`.
    """
    current = own_post_locked(actor_id, post)
    if current.state == PostState.ARCHIVED:
        return
    _check_is_out(current)
    current.state, current.pinned_pos = PostState.ARCHIVED, None
    current.save(update_fields=["state", "pinned_pos"])
    count_posts(actor_id, -1)
    exposure_renew(current)


@transaction.atomic
def post_unarchive(*, actor_id: int, post: Post) -> None:
    """Show it again at its old place; the second call changes nothing. Errors as above."""
    current = own_post_locked(actor_id, post)
    if current.state != PostState.ARCHIVED:
        _check_is_out(current)
        return
    current.state = PostState.PUBLISHED
    current.save(update_fields=["state"])
    count_posts(actor_id, 1)
    exposure_renew(current)


@transaction.atomic
def post_pin(*, actor_id: int, post: Post) -> None:
    """Show it before the others in its author's grid; the second call changes nothing.

    Raises ForbiddenError `not_author`, NotFoundError, ConflictError `not_published`, RuleError
    `pin_limit` when PINNED_MAX others are there.
    """
    current = own_post_locked(actor_id, post)
    _check_is_out(current)
    if current.pinned_pos is not None:
        return
    taken = Post.objects.filter(author=actor_id, pinned_pos__isnull=False)
    free = set(range(1, PINNED_MAX + 1)) - set(taken.values_list("pinned_pos", flat=True))
    if not free:
        raise RuleError(f"You can pin {PINNED_MAX} posts. Unpin one first.", code="pin_limit")
    current.pinned_pos = min(free)
    current.save(update_fields=["pinned_pos"])


@transaction.atomic
def post_unpin(*, actor_id: int, post: Post) -> None:
    """Back among the others; the second call changes nothing. Errors as above."""
    current = own_post_locked(actor_id, post)
    current.pinned_pos = None
    current.save(update_fields=["pinned_pos"])


@transaction.atomic
def _publish_due(post_id: int, author_id: int, now: datetime) -> bool:
    """Whether it was this call that published it: whoever came second finds it out already."""
    try:
        author = author_locked(author_id)
    except NotFoundError:
        return False
    due = Post.objects.select_for_update(no_key=True, of=("self",))
    post = due.filter(pk=post_id, state=PostState.SCHEDULED, publish_at__lte=now).first()
    if post is None:
        return False
    post.author = author
    go_out(post)
    return True


def _check_is_out(post: Post) -> None:
    if post.state != PostState.PUBLISHED:
        raise ConflictError("This post is not published.", code="not_published")
