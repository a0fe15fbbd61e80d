"""Hidden words, muted tags, and the place in a timeline."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.constants import (
    HIDDEN_WORD_MAX,
    HIDDEN_WORDS_MAX,
    MUTED_TAG_MAX,
    MUTED_TAGS_MAX,
    Timeline,
)
from accounts.models import ContentFilter, Marker
from core.errors import BadInputError, RuleError
from core.text import clean_text, token_line


@transaction.atomic
def hidden_word_add(*, user_id: int, word: str) -> None:
    """Show nothing with this word or phrase any more; in another case it is the same one.

    Raises BadInputError `bad_word`, RuleError `too_many_hidden_words`.
    """
    text = clean_text(word, field="word").strip()
    if not token_line(text).strip() or len(text) > HIDDEN_WORD_MAX:
        raise BadInputError.of_field(
            "word", "bad_word", f"A word or phrase has 1 to {HIDDEN_WORD_MAX} characters."
        )
    row = _locked(user_id)
    if token_line(text) in map(token_line, row.words):
        return
    if len(row.words) >= HIDDEN_WORDS_MAX:
        message = f"At most {HIDDEN_WORDS_MAX} words can be hidden."
        raise RuleError(message, code="too_many_hidden_words")
    words = [str(kept) for kept in row.words]
    words.append(text)
    words.sort(key=token_line)
    row.words = words
    row.save(update_fields=["words"])


@transaction.atomic
def hidden_word_remove(*, user_id: int, word: str) -> None:
    """Show it again; the second call changes nothing."""
    row = _locked(user_id)
    row.words = [kept for kept in row.words if token_line(kept) != token_line(word)]
    row.save(update_fields=["words"])


@transaction.atomic
def tag_mute(*, user_id: int, name: str) -> None:
    """Show no posts with this tag any more; the second call changes nothing.

    `name` is as posts keep it. Raises BadInputError `bad_tag`, RuleError `too_many_muted_tags`.
    """
    if not name or len(name) > MUTED_TAG_MAX:
        raise BadInputError.of_field("name", "bad_tag", "This is no hashtag.")
    row = _locked(user_id)
    if name in row.tags:
        return
    if len(row.tags) >= MUTED_TAGS_MAX:
        raise RuleError(f"At most {MUTED_TAGS_MAX} tags can be muted.", code="too_many_muted_tags")
    row.tags = sorted([*row.tags, name])
    row.save(update_fields=["tags"])


@transaction.atomic
def tag_unmute(*, user_id: int, name: str) -> None:
    """Show them again; the second call changes nothing."""
    row = _locked(user_id)
    row.tags = [kept for kept in row.tags if kept != name]
    row.save(update_fields=["tags"])


def marker_set(*, user_id: int, timeline: Timeline, post_id: int, at: datetime) -> Marker:
    """Keep the place; the device that says so last is right."""
    marker, _ = Marker.objects.update_or_create(
        user_id=user_id,
        timeline=timeline,
        defaults={"post_id": post_id, "at": at, "updated_at": timezone.now()},
    )
    return marker


def _locked(user_id: int) -> ContentFilter:
    """The person's row, held until commit: two tabs that add a word each both count."""
    ContentFilter.objects.bulk_create([ContentFilter(pk=user_id)], ignore_conflicts=True)
    return ContentFilter.objects.select_for_update().get(pk=user_id)
