"""What moderators do with posts: hide them, show them again, or take them away for good."""

from django.db import transaction
from django.utils import timezone

from core.errors import NotFoundError
from core.events import publish
from posts.constants import PostState
from posts.events import PostDeleted
from posts.models import Post
from posts.services.pictures import exposure_renew
from posts.services.rules import author_locked
from posts.services.states import count_posts
from posts.services.tags import tags_sync


@transaction.atomic
def post_hide(*, post_id: int, is_hidden: bool) -> None:
    """Nobody sees it any more, or everybody whom it is for again; again changes nothing."""
    old, new = PostState.PUBLISHED, PostState.HIDDEN
    if not is_hidden:
        old, new = new, old
    post = _locked(post_id)
    if post is None or post.state != old:
        return
    post.state, post.pinned_pos = new, None
    post.save(update_fields=["state", "pinned_pos"])
    count_posts(post.author_id, -1 if is_hidden else 1)
    exposure_renew(post)


@transaction.atomic
def post_remove(*, post_id: int) -> None:
    """Take it away for good, whatever its state and out of the bin; a job removes its pictures."""
    post = _locked(post_id)
    if post is None or (post.state == PostState.DELETED and post.deleted_from is None):
        return
    if post.state == PostState.PUBLISHED:
        count_posts(post.author_id, -1)
    post.state, post.deleted_at = PostState.DELETED, post.deleted_at or timezone.now()
    post.deleted_from = post.pinned_pos = None
    post.save(update_fields=["state", "deleted_at", "deleted_from", "pinned_pos"])
    tags_sync(post, is_public=False)
    publish(PostDeleted(post_id=post.pk, author_id=post.author_id))


def _locked(post_id: int) -> Post | None:
    """The post and its author, held in the order that all writes keep; None if either is gone."""
    author_id = Post.objects.filter(pk=post_id).values_list("author_id", flat=True).first()
    if author_id is None:
        return None
    try:
        author = author_locked(author_id)
    except NotFoundError:
        return None
    post = Post.objects.select_for_update(no_key=True).filter(pk=post_id).first()
    if post is not None:
        post.author = author
    return post
