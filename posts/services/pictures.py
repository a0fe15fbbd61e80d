"""The pictures of posts: their snapshots, who may read their files, and their end."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import SHOWN_STATES, User
from media_storage.selectors import media_snapshots
from media_storage.services import media_delete, media_set_access
from posts.constants import Audience, PostState
from posts.models import Post, PostMedia

BATCH = 200


def is_public(post: Post) -> bool:
    """Whether everybody may read the pictures: a public post of a public account that is shown."""
    return (
        post.state == PostState.PUBLISHED
        and post.audience == Audience.PUBLIC
        and not post.author.is_private
        and post.author.state in SHOWN_STATES
    )


def snapshots_renew(post: Post) -> None:
    """Keep the present state of the pictures in the post, whose row the caller holds."""
    ids = list(
        PostMedia.objects.filter(post=post).order_by("position").values_list("media_id", flat=True)
    )
    snapshots = media_snapshots(media_ids=ids)
    post.media = [{**snapshots[media_id]} for media_id in ids if media_id in snapshots]
    post.save(update_fields=["media"])


@transaction.atomic
def post_media_refresh(*, media_id: int) -> None:
    """Renew the snapshot in the post that shows this picture, if one does."""
    posts = Post.objects.select_for_update(no_key=True, of=("self",))
    post = posts.filter(post_media__media=media_id).first()
    if post is not None:
        snapshots_renew(post)


@transaction.atomic
def post_media_remove(*, post_id: int) -> None:
    """Remove the pictures of a deleted post; the second call finds none."""
    deleted = Post.objects.filter(pk=post_id, state=PostState.DELETED)
    post = deleted.select_for_update(no_key=True).first()
    if post is None:
        return
    pictures = PostMedia.objects.filter(post=post)
    ids = list(pictures.values_list("media_id", flat=True))
    pictures.delete()
    snapshots_renew(post)
    for media_id in ids:
        media_delete(media_id=media_id, owner_id=post.author_id)


def posts_access_renew(*, author_id: int) -> None:
    """Let the pictures of all posts follow the account's present privacy, a batch at a time."""
    last = 0
    while batch := _access_renew_after(author_id, last):
        last = batch[-1].pk


@transaction.atomic
def _access_renew_after(author_id: int, last: int) -> Sequence[Post]:
    # Held until commit, so that the privacy cannot change between reading and deciding.
    author = User.objects.select_for_update(no_key=True).filter(pk=author_id).first()
    if author is None:
        return []
    posts = list(
        Post.objects.filter(author=author, pk__gt=last)
        .select_related("author")
        .order_by("pk")[:BATCH]
    )
    for wanted in (True, False):
        chosen = [post.pk for post in posts if is_public(post) is wanted]
        ids = PostMedia.objects.filter(post__in=chosen).values_list("media_id", flat=True)
        media_set_access(media_ids=list(ids), is_public=wanted)
    return posts
