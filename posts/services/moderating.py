"""What moderators do with posts: hide them, show them again, or take them away for good."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.events import publish
from media_storage.services import media_set_access
from posts.constants import PostState
from posts.events import PostDeleted
from posts.models import Post, PostMedia
from posts.services.pictures import is_public


@transaction.atomic
def post_hide(*, post_id: int, is_hidden: bool) -> None:
    """Nobody sees it any more, or everybody whom it is for again; again changes nothing."""
    old, new = PostState.PUBLISHED, PostState.HIDDEN
    if not is_hidden:
        old, new = new, old
    if not Post.objects.filter(pk=post_id, state=old).update(state=new):
        return
    post = Post.objects.select_related("author").get(pk=post_id)
    step = -1 if is_hidden else 1
    User.objects.filter(pk=post.author_id).update(posts_count=F("posts_count") + step)
    ids = list(PostMedia.objects.filter(post=post).values_list("media_id", flat=True))
    media_set_access(media_ids=ids, is_public=is_public(post))


@transaction.atomic
def post_remove(*, post_id: int) -> None:
    """Take it away for good, whatever its state; a job removes its pictures."""
    post = Post.objects.select_for_update(no_key=True).filter(pk=post_id).first()
    if post is None or post.state == PostState.DELETED:
        return
    if post.state == PostState.PUBLISHED:
        User.objects.filter(pk=post.author_id).update(posts_count=F("posts_count") - 1)
    post.state, post.deleted_at = PostState.DELETED, timezone.now()
    post.save(update_fields=["state", "deleted_at"])
    publish(PostDeleted(post_id=post.pk, author_id=post.author_id))
