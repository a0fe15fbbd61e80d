"""Publishing, editing and deleting posts."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.services import words_check
from core.errors import BadInputError, FieldError, ForbiddenError, NotFoundError, RuleError
from core.events import publish
from core.text import clean_text
from media_storage.services import media_attach, media_set_access, media_update
from posts.constants import CAPTION_MAX, MEDIA_MAX, Audience, CommentsPolicy, PostState
from posts.events import PostDeleted, PostEdited, PostPublished
from posts.models import Post, PostMedia
from posts.services.pictures import is_public, snapshots_renew


@transaction.atomic
def post_create(
    *,
    author_id: int,
    media_ids: Sequence[int],
    caption: str = "",
    audience: Audience = Audience.PUBLIC,
    comments_policy: CommentsPolicy = CommentsPolicy.EVERYONE,
    hide_like_count: bool = False,
    sensitive: bool = False,
) -> Post:
    """Publish own, ready and unused pictures, in this order.

    Raises BadInputError for no or too many pictures and for too long a caption, RuleError
    `media_unknown`, `media_not_ready` or `media_already_used`.
    """
    if not 1 <= len(media_ids) <= MEDIA_MAX:
        raise _bad_field("media_ids", "bad_count", f"A post has 1 to {MEDIA_MAX} pictures.")
    # This locks the author's row: an account that becomes private meanwhile waits, or is read so.
    User.objects.filter(pk=author_id).update(posts_count=F("posts_count") + 1)
    post = Post.objects.create(
        author=User.objects.get(pk=author_id),
        caption=_clean_caption(caption),
        audience=audience,
        comments_policy=comments_policy,
        hide_like_count=hide_like_count,
        sensitive=sensitive,
        state=PostState.PUBLISHED,
        published_at=timezone.now(),
    )
    _add_pictures(post, media_ids)
    publish(PostPublished(post_id=post.pk, author_id=author_id))
    return post


@transaction.atomic
def post_edit(
    *,
    actor_id: int,
    post: Post,
    caption: str | None = None,
    alt_texts: Sequence[tuple[int, str]] = (),
) -> None:
    """Change the caption, unless it is None, and alternative texts, as (media id, text).

    The same texts again change nothing. Raises ForbiddenError `not_author`, NotFoundError if it is
    gone by now, RuleError `media_unknown`, BadInputError for too long a text.
    """
    _check_author(actor_id, post)
    current = _locked(post)
    is_described = _describe(current, alt_texts)
    text = current.caption if caption is None else _clean_caption(caption)
    if text == current.caption and not is_described:
        return
    Post.objects.filter(pk=post.pk).update(caption=text, edited_at=timezone.now())
    publish(PostEdited(post_id=post.pk, author_id=actor_id))


@transaction.atomic
def post_delete(*, actor_id: int, post: Post) -> None:
    """Take a post away for good; a job removes its pictures.

    Raises ForbiddenError `not_author`, NotFoundError if it is gone by now.
    """
    _check_author(actor_id, post)
    standing = Post.objects.published().filter(pk=post.pk)
    if not standing.update(state=PostState.DELETED, deleted_at=timezone.now()):
        raise NotFoundError
    User.objects.filter(pk=actor_id).update(posts_count=F("posts_count") - 1)
    publish(PostDeleted(post_id=post.pk, author_id=actor_id))


def _add_pictures(post: Post, media_ids: Sequence[int]) -> None:
    media_attach(media_ids=media_ids, owner_id=post.author_id)
    media_set_access(media_ids=media_ids, is_public=is_public(post))
    PostMedia.objects.bulk_create(
        PostMedia(post=post, media_id=media_id, position=position)
        for position, media_id in enumerate(media_ids)
    )
    snapshots_renew(post)


def _describe(post: Post, alt_texts: Sequence[tuple[int, str]]) -> bool:
    """Whether an alternative text of the (locked) post is another one now."""
    own = {item["id"] for item in post.media}
    for index, (media_id, text) in enumerate(alt_texts):
        if media_id not in own:
            raise _unknown_media(index)
        media_update(media_id=media_id, owner_id=post.author_id, alt_text=text)
    before = [item["alt_text"] for item in post.media]
    snapshots_renew(post)
    return before != [item["alt_text"] for item in post.media]


def _locked(post: Post) -> Post:
    current = Post.objects.published().select_for_update(no_key=True).filter(pk=post.pk).first()
    if current is None:
        raise NotFoundError
    return current


def _check_author(actor_id: int, post: Post) -> None:
    if post.author_id != actor_id:
        raise ForbiddenError("Only its author changes a post.", code="not_author")


def _clean_caption(caption: str) -> str:
    text = clean_text(caption, field="caption")
    if len(text) > CAPTION_MAX:
        message = f"A caption has at most {CAPTION_MAX} characters."
        raise _bad_field("caption", "max_length", message)
    words_check(text, field="caption")
    return text


def _bad_field(field: str, code: str, message: str) -> BadInputError:
    return BadInputError(message, errors=[FieldError(field, code, message)])


def _unknown_media(index: int) -> RuleError:
    message = "This post has no such picture."
    errors = [FieldError(f"media.{index}.id", "media_unknown", message)]
    return RuleError(message, code="media_unknown", errors=errors)
