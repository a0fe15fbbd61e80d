"""What several writes of posts check, and the order in which they lock: the author, then the post."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from accounts.services import words_check
from core.errors import BadInputError, FieldError, ForbiddenError, NotFoundError, RuleError
from core.text import clean_text
from posts.constants import (
    CAPTION_MAX,
    DRAFTS_MAX,
    HASHTAGS_MAX,
    MEDIA_MAX,
    MENTIONS_MAX,
    OWN_STATES,
    SCHEDULE_AHEAD,
    SCHEDULED_MAX,
    PostState,
)
from posts.models import Post
from posts.services.captions import hashtags_in, mentions_in

_KEPT_MAX = {PostState.DRAFT: DRAFTS_MAX, PostState.SCHEDULED: SCHEDULED_MAX}


def author_locked(author_id: int) -> User:
    """The author's row, held: what becomes of the account waits, and counts of posts are exact.

    Raises NotFoundError if the account is gone by now.
    """
    author = User.objects.select_for_update(no_key=True).filter(pk=author_id).first()
    if author is None:
        raise NotFoundError
    return author


def own_post_locked(actor_id: int, post: Post, *states: PostState) -> Post:
    """The post as it is now, with its author, both held; by default in any state but the bin.

    Raises ForbiddenError `not_author`, NotFoundError if it is not in one of the states by now.
    """
    check_author(actor_id, post)
    author = author_locked(actor_id)
    wanted = states or (PostState.PUBLISHED, *OWN_STATES)
    rows = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("place")
    current = rows.filter(pk=post.pk, state__in=wanted).first()
    if current is None:
        raise NotFoundError
    current.author = author
    return current


def check_author(actor_id: int, post: Post) -> None:
    """Raises ForbiddenError `not_author`."""
    if post.author_id != actor_id:
        raise ForbiddenError("Only its author changes a post.", code="not_author")


def clean_caption(caption: str) -> str:
    """The caption as it is kept. Raises BadInputError for what it may not hold."""
    text = clean_text(caption, field="caption")
    if len(text) > CAPTION_MAX:
        message = f"A caption has at most {CAPTION_MAX} characters."
        raise bad_field("caption", "max_length", message)
    if len(hashtags_in(text)) > HASHTAGS_MAX:
        message = f"A caption has at most {HASHTAGS_MAX} hashtags."
        raise bad_field("caption", "too_many_hashtags", message)
    if len(mentions_in(text)) > MENTIONS_MAX:
        message = f"A caption names at most {MENTIONS_MAX} people."
        raise bad_field("caption", "too_many_mentions", message)
    words_check(text, field="caption")
    return text


def check_picture_count(count: int, state: PostState) -> None:
    """A draft may be without pictures. Raises BadInputError `bad_count`."""
    least = 0 if state == PostState.DRAFT else 1
    if not least <= count <= MEDIA_MAX:
        raise bad_field("media_ids", "bad_count", f"A post has 1 to {MEDIA_MAX} pictures.")


def check_room(author_id: int, state: PostState) -> None:
    """Raises RuleError `too_many_drafts` or `too_many_scheduled`; the author's row is held."""
    most = _KEPT_MAX.get(state)
    if most and Post.objects.filter(author=author_id, state=state).count() >= most:
        code = "too_many_drafts" if state == PostState.DRAFT else "too_many_scheduled"
        raise RuleError(f"There are {most} of these already.", code=code)


def checked_time(publish_at: datetime) -> datetime:
    """Raises RuleError `publish_at_past` or `publish_at_too_far`."""
    now = timezone.now()
    if publish_at <= now:
        raise RuleError.of_field("publish_at", "publish_at_past", "This time has passed.")
    if publish_at > now + SCHEDULE_AHEAD:
        message = f"A post can be planned for {SCHEDULE_AHEAD.days} days ahead."
        raise RuleError.of_field("publish_at", "publish_at_too_far", message)
    return publish_at


def bad_field(field: str, code: str, message: str) -> BadInputError:
    """A field whose form makes no sense."""
    return BadInputError(message, errors=[FieldError(field, code, message)])
