"""The pictures of posts: their order, snapshots, who may read their files, and their end."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import SHOWN_STATES, User
from core.errors import FieldError, RuleError
from media_storage.selectors import media_snapshots
from media_storage.services import media_attach, media_delete, media_set_access, media_update
from posts.constants import Audience, PostState
from posts.models import Post, PostMedia
from posts.services.people import people_tags_drop
from posts.services.tags import tags_sync, tags_turn

BATCH = 200


def is_public(post: Post) -> bool:
    """Whether everybody may read the pictures: a public post of a public account that is shown."""
    return (
        post.state == PostState.PUBLISHED
        and post.audience == Audience.PUBLIC
        and not post.author.is_private
        and post.author.state in SHOWN_STATES
    )


def exposure_renew(post: Post) -> None:
    """Let files and tags follow whether everybody may see the post, whose row the caller holds."""
    media_set_access(media_ids=media_ids_of(post), is_public=is_public(post))
    tags_sync(post, is_public=is_public(post))


def media_ids_of(post: Post) -> list[int]:
    """Its pictures in their order."""
    rows = PostMedia.objects.filter(post=post).order_by("position")
    return list(rows.values_list("media_id", flat=True))


def pictures_set(post: Post, media_ids: Sequence[int]) -> None:
    """Let the pictures of a held post be these, in this order; what is left out is removed for good.

    New ones have to be the author's own, ready and unused. Raises RuleError `media_unknown`,
    `media_not_ready` or `media_already_used`, which names `media_ids.<index>`.
    """
    current = media_ids_of(post)
    if list(media_ids) == current:
        return
    _check_once(media_ids)
    new = [media_id for media_id in media_ids if media_id not in current]
    try:
        media_attach(media_ids=new, owner_id=post.author_id)
    except RuleError as error:
        raise _at_own_index(error, new, media_ids) from error
    gone = [media_id for media_id in current if media_id not in media_ids]
    people_tags_drop(post, gone)
    PostMedia.objects.filter(post=post).delete()
    PostMedia.objects.bulk_create(
        PostMedia(post=post, media_id=media_id, position=position)
        for position, media_id in enumerate(media_ids)
    )
    for media_id in gone:
        media_delete(media_id=media_id, owner_id=post.author_id)
    media_set_access(media_ids=new, is_public=is_public(post))
    snapshots_renew(post)


def describe(post: Post, alt_texts: Sequence[tuple[int, str]]) -> None:
    """Give pictures of a held post alternative texts. Raises RuleError `media_unknown`."""
    own = {item["id"] for item in post.media}
    for index, (media_id, text) in enumerate(alt_texts):
        if media_id not in own:
            message = "This post has no such picture."
            raise RuleError.of_field(f"media.{index}.id", "media_unknown", message)
        media_update(media_id=media_id, owner_id=post.author_id, alt_text=text)
    snapshots_renew(post)


def _check_once(media_ids: Sequence[int]) -> None:
    for index, media_id in enumerate(media_ids):
        if media_id in media_ids[:index]:
            message = "This picture is used already."
            raise RuleError.of_field(f"media_ids.{index}", "media_already_used", message)


def _at_own_index(error: RuleError, new: Sequence[int], asked: Sequence[int]) -> RuleError:
    """The same refusal, naming the place in the whole list."""
    bad = new[int(error.errors[0].field.rpartition(".")[2])]
    field = f"media_ids.{asked.index(bad)}"
    errors = [FieldError(field, error.code, error.detail)]
    return RuleError(error.detail, code=error.code, errors=errors)


def snapshots_renew(post: Post) -> None:
    """Keep the present state of the pictures in the post, whose row the caller holds."""
    ids = media_ids_of(post)
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
    """Remove the pictures of a post that is gone for good; the second call finds none.

    A post in the bin keeps them, for its author alone.
    """
    gone = Post.objects.filter(pk=post_id, state=PostState.DELETED, deleted_from__isnull=True)
    post = gone.select_for_update(no_key=True).first()
    if post is None:
        return
    ids = media_ids_of(post)
    PostMedia.objects.filter(post=post).delete()
    snapshots_renew(post)
    for media_id in ids:
        media_delete(media_id=media_id, owner_id=post.author_id)


def posts_access_renew(*, author_id: int) -> None:
    """Let pictures and tags of all posts follow the account's present privacy, a batch at a time."""
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
        tags_turn(chosen, is_public=wanted)
    return posts
