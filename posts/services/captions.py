"""Hashtags and mentions in a text, read in one pass: the time grows with its length and no faster.

There is no regular expression here, so none can backtrack. What a tag may hold is said by Unicode
categories: letters, numbers and the marks that many scripts write with.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from accounts.constants import USERNAME_MAX, USERNAME_MIN
from posts.constants import TAG_MAX

#: The full-width forms are what keyboards for Chinese and Japanese write.
HASH_SIGNS: Final = "#＃"
AT_SIGNS: Final = "@＠"
# Nothing longer folds into TAG_MAX characters: a syllable of Hangul is three letters at most.
_RAW_MAX: Final = 4 * TAG_MAX
# They stand inside words of Persian and of Indian scripts.
_JOINERS: Final = "\u200c\u200d"
_NAME_CHARS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._")
# Behind one of these the sign belongs to an address: `https://x.org/#top`, `&#39;`.
_PART_OF_ADDRESS: Final = "/&"


def hashtags_in(text: str) -> list[str]:
    """The tags of a text, each once, in the order in which they come, as `tag_name` writes them."""
    names = (tag_name(run) for _, _, run in _runs(text, HASH_SIGNS, _is_tag_char, chained=True))
    return list(dict.fromkeys(name for name in names if name))


def mentions_in(text: str) -> list[tuple[str, ...]]:
    """Who a text names, each once: the usernames that may be meant, the likeliest first.

    A dot behind a name may belong to it or end the sentence. `@maya@example.org` names nobody here.
    """
    found: dict[tuple[str, ...], None] = {}
    for _, end, run in _runs(text, AT_SIGNS, _NAME_CHARS.__contains__, chained=False):
        if text[end : end + 1] in AT_SIGNS and end < len(text):
            continue
        names = dict.fromkeys((run.lower(), run.lower().rstrip(".")))
        usable = tuple(n for n in names if USERNAME_MIN <= len(n) <= USERNAME_MAX)
        if usable:
            found[usable] = None
    return list(found)


def tag_name(text: str) -> str | None:
    """The one way to write a tag, without sign, case and width; None for what is no tag.

    A tag has 1 to TAG_MAX letters, numbers, marks and `_`, and at least one letter.
    """
    if len(text) > _RAW_MAX:
        return None
    name = _folded(text).strip(_JOINERS)
    if not 1 <= len(name) <= TAG_MAX or not all(map(_is_tag_char, name)):
        return None
    return name if any(unicodedata.category(char)[0] == "L" for char in name) else None


def _folded(text: str) -> str:
    """NFKC without case; folded twice, because either step may undo the other once."""
    for _ in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return text


def _is_tag_char(char: str) -> bool:
    return char == "_" or char in _JOINERS or unicodedata.category(char)[0] in "LNM"


def _runs(
    text: str, signs: str, belongs: Callable[[str], bool], *, chained: bool
) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of what stands behind each sign that begins a word.

    `chained`: a sign right behind a run begins another one, as in `#sea#sky`.
    """
    place = last_end = 0
    while place < len(text):
        if text[place] not in signs or not (
            place == 0 or (chained and place == last_end) or _may_precede(text[place - 1])
        ):
            place += 1
            continue
        start = end = place + 1
        while end < len(text) and belongs(text[end]):
            end += 1
        if end > start:
            yield start, end, text[start:end]
        place = last_end = end


def _may_precede(char: str) -> bool:
    return char not in _PART_OF_ADDRESS and not _is_tag_char(char)
